/**
 * Tensors with gradients: a small facade over libtorch, only the operations in use. Read
 * {@link dev.parlance.train.tensor.Tensor} first, then {@link dev.parlance.train.tensor.TensorScope}.
 *
 * <pre>{@code
 * try (TensorScope scope = TensorScope.open()) {
 *     Tensor loss = Tensor.fromFloats(new float[] {1, 2}, 2).mul(weight).sum();
 *     loss.backward();
 * }
 * }</pre>
 *
 * <p>No layers, no training logic and no file formats go here. This is the only package that imports org.bytedeco.
 */
@NullMarked
package dev.parlance.train.tensor;

import org.jspecify.annotations.NullMarked;
