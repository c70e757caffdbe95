/**
 * Runs a saved model. Read {@link dev.parlance.predict.Pipeline} first.
 *
 * <pre>{@code
 * try (Pipeline pipeline = Pipeline.load(Path.of("models/reviews"))) {
 *     Annotation answer = pipeline.predict("a gorgeous, witty film");
 * }
 * }</pre>
 *
 * <p>What logits mean does not go here, that is the task's; nor does anything that trains.
 */
@NullMarked
package dev.parlance.predict;

import org.jspecify.annotations.NullMarked;
