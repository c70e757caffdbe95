/**
 * Runs a saved model. Read {@link dev.parlance.predict.Pipeline} first.
 *
 * <pre>{@code
 * try (Pipeline pipeline = new Pipeline(tokenizer, task, OnnxModel.load(Path.of("models/reviews/model.onnx")))) {
 *     System.out.println(pipeline.predict("a gorgeous, witty film"));
 * }
 * }</pre>
 *
 * <p>What logits mean does not go here, that is the task's; nor does anything that trains.
 */
@NullMarked
package dev.parlance.predict;

import org.jspecify.annotations.NullMarked;
