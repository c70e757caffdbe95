/**
 * The settings of a run and the errors of a user. Read {@link dev.parlance.config.RunConfig} first.
 *
 * <pre>{@code
 * RunConfig config = RunConfig.defaults().with("data.train", "reviews.csv").with("training.learning_rate", 3e-5);
 * }</pre>
 *
 * <p>Also {@link dev.parlance.config.Json}, the one way to read and write JSON. No behaviour goes here: a setting is a
 * value, what it causes lives where it is used.
 */
@NullMarked
package dev.parlance.config;

import org.jspecify.annotations.NullMarked;
