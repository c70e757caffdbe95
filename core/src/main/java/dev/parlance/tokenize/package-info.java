/**
 * Text to ids with offsets, and padded batches of them. Read {@link dev.parlance.tokenize.Tokenizer} first.
 *
 * <pre>{@code
 * try (Tokenizer tokenizer = Tokenizer.load(Path.of("models/reviews"), 128)) {
 *     Batch batch = Batch.of(tokenizer.encodeAll(examples), tokenizer.padTokenId());
 * }
 * }</pre>
 *
 * <p>No labels and no tensors go here: what the ids mean to a task or an engine lives there.
 */
@NullMarked
package dev.parlance.tokenize;

import org.jspecify.annotations.NullMarked;
