package dev.parlance.predict;

import dev.parlance.data.Example;

/**
 * An example as one pipeline's model takes it, and how long it is: for callers that form their own batches. Immutable.
 */
public final class Prepared {
    private final Example example;
    private final Object encoded;
    private final int length;
    private final int truncatedTokens;

    Prepared(Example example, Object encoded, int length, int truncatedTokens) {
        this.example = example;
        this.encoded = encoded;
        this.length = length;
        this.truncatedTokens = truncatedTokens;
    }

    /** The example as it came in. */
    public Example example() {
        return example;
    }

    /**
     * What it costs to run: the number of tokens that the model sees, special tokens included; of a linear model, the number
     * of features.
     */
    public int length() {
        return length;
    }

    /** How many tokens of the text the model will not see; 0 if it sees the whole text. */
    public int truncatedTokens() {
        return truncatedTokens;
    }

    Object encoded() {
        return encoded;
    }
}
