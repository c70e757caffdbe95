/**
 * Cross-validation: as many runs as folds, each measured on rows that it never saw. Read {@code CrossValidation} first.
 *
 * <pre>{@code
 * RunConfig config = RunConfig.defaults().with("data.train", "reviews.csv");
 * CrossValidationResult result = CrossValidation.run(config, CrossValidationOptions.of(5));
 * System.out.println(result.scores().get("macro_f1"));
 * }</pre>
 *
 * <p>How folds are drawn is in {@code dev.parlance.data}, how a run trains in {@code dev.parlance.train.loop}; neither goes
 * here, and no printing.
 */
@NullMarked
package dev.parlance.train.crossval;

import org.jspecify.annotations.NullMarked;
