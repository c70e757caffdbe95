/**
 * The training loop. Read {@code FineTuning} first.
 *
 * <pre>{@code
 * RunConfig config = RunConfig.defaults().with("data.train", "reviews.csv");
 * TrainingResult result = FineTuning.run(config);
 * System.out.println(result.validation().metrics());
 * }</pre>
 *
 * <p>No layers, no file formats of models and no printing go here.
 */
@NullMarked
package dev.parlance.train.loop;

import org.jspecify.annotations.NullMarked;
