/**
 * Named weights of a model as they lie in files. Read {@link dev.parlance.train.weights.WeightSource} first.
 *
 * <pre>{@code
 * FloatBuffer bias = FloatBuffer.allocate(768);
 * source.copyInto("encoder.layer.0.output.dense.bias", bias);
 * }</pre>
 *
 * <p>No tensors and no layers go here: this package turns bytes of files into named float arrays and back.
 */
@NullMarked
package dev.parlance.train.weights;

import org.jspecify.annotations.NullMarked;
