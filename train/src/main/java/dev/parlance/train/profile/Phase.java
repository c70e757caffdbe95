package dev.parlance.train.profile;

import java.util.Locale;

/** Parts of a training step. */
public enum Phase {
    /** All of it, on the thread of the loop. */
    STEP,
    /** Each thread with its share of the batch, to which the next five belong. */
    GRADIENTS,
    /** Padding the texts of a share. */
    BATCH,
    FORWARD,
    BACKWARD,
    /** What gradient checkpointing computes again within the backward pass. */
    RECOMPUTE,
    /** Giving the memory of a share back. */
    FREE,
    /** Adding the gradients of all threads up. */
    REDUCE,
    /** The norm of the gradients, to which they are clipped. */
    CLIP,
    OPTIMIZER,
    /** Averaging weights. */
    AVERAGE,
    /** What listeners make of the gradients, such as histograms. */
    LISTENERS,
    /** Measuring on validation data, which no step has. */
    EVALUATION;

    /** For traces and tables. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
