package dev.parlance.train.nn;

import dev.parlance.train.tensor.Tensor;

/** Zeroes a share of the elements while training, scales the rest; in evaluation mode it does nothing. */
public final class Dropout extends Layer {
    private final double probability;
    private final SeedStream seeds;

    /** Drops with the given probability, from 0 up to but not including 1. */
    public Dropout(double probability, SeedStream seeds) {
        if (!(probability >= 0 && probability < 1)) {
            throw new IllegalArgumentException(
                    "dropout probability is " + probability + "; expected at least 0 and below 1");
        }
        this.probability = probability;
        this.seeds = seeds;
    }

    /** Same shape out. */
    public Tensor forward(Tensor x) {
        return isTraining() && probability > 0 ? x.dropout(probability, seeds.next()) : x;
    }
}
