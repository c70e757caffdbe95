/**
 * Heads: hidden states to logits and a loss. Read {@link dev.parlance.train.head.SequenceClassifier} first.
 *
 * <pre>{@code
 * SequenceClassifier model = SequenceClassifier.create(config, 3, 7);
 * model.load(weights, "model.safetensors", false, 7);
 * Tensor logits = model.forward(batch); // [batch, labels]
 * }</pre>
 *
 * <p>No decoding, no metrics and no training loop go here.
 */
@NullMarked
package dev.parlance.train.head;

import org.jspecify.annotations.NullMarked;
