/**
 * From a file to the best model that can be had in a given time: audits the data, trains a linear model first, then what
 * fits the language, the size and the time, and averages models where that helps. Read {@code Auto} first.
 *
 * <pre>{@code
 * RunConfig config = RunConfig.defaults().with("data.train", "reviews.csv");
 * AutoResult result = Auto.run(config, new AutoOptions(Duration.ofMinutes(10)));
 * result.selection().choices().forEach(System.out::println);
 * }</pre>
 *
 * <p>How a single model is trained is in {@code dev.parlance.train.loop} and does not go here, and no printing.
 */
@NullMarked
package dev.parlance.train.auto;

import org.jspecify.annotations.NullMarked;
