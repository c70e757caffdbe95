/**
 * Encoders: token ids to hidden states, with weights that open in transformers unchanged. Read
 * {@link dev.parlance.train.encoder.TransformerEncoder} first, then {@link dev.parlance.train.encoder.EncoderConfig}.
 *
 * <pre>{@code
 * EncoderConfig config = EncoderConfig.read(directory.resolve("config.json"));
 * TransformerEncoder encoder = new TransformerEncoder(config, new SeedStream(7));
 * Tensor hiddenStates = encoder.forward(inputIds, attentionMask, tokenTypeIds); // [batch, seq, hidden]
 * }</pre>
 *
 * <p>No heads, no file formats and no training logic go here. A new architecture is one line of
 * {@link dev.parlance.train.encoder.Architecture} if it differs by names, or one class beside it.
 */
@NullMarked
package dev.parlance.train.encoder;

import org.jspecify.annotations.NullMarked;
