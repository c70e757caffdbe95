package dev.parlance.train.nn;

import dev.parlance.train.tensor.Tensor;

/** A table of vectors looked up by id. */
public final class Embedding extends Layer {
    /** No id is padding. */
    public static final int NO_PADDING = -1;

    private final Tensor weight;
    private final int paddingId;

    /** Zeros until loaded or initialized; the row of {@code paddingId} never learns. */
    public Embedding(int rows, int width, int paddingId) {
        weight = parameter("weight", Tensor.zeros(rows, width));
        this.paddingId = paddingId;
    }

    /** Int64 ids {@code [...]} to {@code [..., width]}. */
    public Tensor forward(Tensor ids) {
        return weight.embedding(ids, paddingId);
    }

    /** {@code [rows, width]}. */
    public Tensor weight() {
        return weight;
    }
}
