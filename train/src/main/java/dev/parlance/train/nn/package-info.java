/**
 * The layers that encoders and heads are built of. Read {@link dev.parlance.train.nn.Layer} first, then
 * {@link dev.parlance.train.nn.SelfAttention}.
 *
 * <pre>{@code
 * Linear dense = new Linear(768, 2);
 * Tensor logits = dense.forward(hiddenStates); // [batch, seq, 2]
 * }</pre>
 *
 * <p>No architectures, no loading and no training logic go here: a layer knows its parameters and its formula.
 */
@NullMarked
package dev.parlance.train.nn;

import org.jspecify.annotations.NullMarked;
