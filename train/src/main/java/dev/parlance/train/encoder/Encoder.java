package dev.parlance.train.encoder;

import dev.parlance.train.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** Turns padded token ids into one vector per token. */
public interface Encoder {
    /**
     * Hidden states of the last layer.
     *
     * @param inputIds int64 {@code [batch, seq]}
     * @param attentionMask int64 {@code [batch, seq]}: 1 for a token, 0 for padding
     * @param tokenTypeIds int64 {@code [batch, seq]}: 0 for the first text, 1 for the second; null means all 0
     * @return float32 {@code [batch, seq, hidden]}; values at padding are arbitrary
     */
    Tensor forward(Tensor inputIds, Tensor attentionMask, @Nullable Tensor tokenTypeIds);
}
