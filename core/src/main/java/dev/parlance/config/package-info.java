/**
 * The settings of a run and the errors of a user. Read {@link dev.parlance.config.RunConfig} first.
 *
 * <pre>{@code
 * RunConfig config = RunConfig.defaults().with("data.train", "reviews.csv").with("training.learning_rate", 3e-5);
 * }</pre>
 *
 * <p>No behaviour goes here: a setting is a value, what it causes lives where it is used.
 */
@NullMarked
package dev.parlance.config;

import org.jspecify.annotations.NullMarked;
