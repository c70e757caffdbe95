/**
 * Searching settings: many runs, each in a process of its own, of which the best is found. Read {@code Search} first;
 * {@code SearchSpace} says what is searched, a {@code Sampler} what to try next, a {@code Pruner} what to give up.
 *
 * <pre>{@code
 * RunConfig config = RunConfig.defaults().with("data.train", "reviews.csv");
 * SearchSpace space = SearchSpace.parse(config, List.of("training.learning_rate=1e-5..1e-3:log"));
 * RunConfig best = Search.run(config, space, SearchOptions.defaults()).bestConfig();
 * }</pre>
 *
 * <p>The samplers, pruners and the importance know nothing of training; how a run trains is in
 * {@code dev.parlance.train.loop}. It stands here and not in core, since who only uses a model searches nothing. No printing.
 */
@NullMarked
package dev.parlance.train.search;

import org.jspecify.annotations.NullMarked;
