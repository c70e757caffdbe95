/**
 * Pretrained and trained parameters as files. Read {@link dev.parlance.train.weights.Safetensors} first.
 *
 * <pre>{@code
 * try (Safetensors weights = Safetensors.openModel(Path.of("models/reviews"))) {
 *     weights.copyInto("embeddings.word_embeddings.weight", target);
 * }
 * }</pre>
 *
 * <p>Names are Hugging Face's, values are 32-bit floats. Nothing that computes goes here, no native tensor and no
 * network: where files come from is {@code dev.parlance.train.hub}'s matter.
 */
@NullMarked
package dev.parlance.train.weights;

import org.jspecify.annotations.NullMarked;
