/**
 * Records training runs: a directory a run with settings, curves, TensorBoard's event files and scores. Read {@link
 * dev.parlance.train.track.RunWriter} first.
 *
 * <pre>{@code
 * try (RunWriter run = RunWriter.start(config, warning -> log.warn(warning))) {
 *     run.scalars(10, 0.5, Map.of("loss", 0.31, "learning_rate", 1e-4));
 *     run.finished(Map.of("test", report), false);
 * }
 * }</pre>
 *
 * <p>Nothing of the loop goes here, and no reading: that is core's {@code dev.parlance.track}.
 */
@NullMarked
package dev.parlance.train.track;

import org.jspecify.annotations.NullMarked;
