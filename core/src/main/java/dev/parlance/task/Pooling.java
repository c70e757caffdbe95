package dev.parlance.task;

/**
 * How the vectors of a text's tokens become one, as sentence-transformers names it. Reference: Reimers and Gurevych,
 * "Sentence-BERT", 2019, section 3.
 */
public enum Pooling {
    /** The first token's vector. */
    CLS,
    /** The mean over tokens. */
    MEAN,
    /** The largest value of each coordinate. */
    MAX,
    /** The sum over tokens, divided by the square root of their number. */
    MEAN_SQRT_LEN,
    /** The mean over tokens, each weighted by its place, from 1. */
    WEIGHTED_MEAN,
    /** The last token's vector. */
    LAST_TOKEN;

    /**
     * Pools vectors.
     *
     * @param states {@code [tokens, hidden]}, row-major; more rows may follow
     * @param tokens how many rows count, at least one
     * @param pooled where the result goes, {@code [hidden]} numbers from {@code offset}
     */
    void pool(float[] states, int tokens, int hidden, float[] pooled, int offset) {
        switch (this) {
            case CLS -> System.arraycopy(states, 0, pooled, offset, hidden);
            case LAST_TOKEN -> System.arraycopy(states, (tokens - 1) * hidden, pooled, offset, hidden);
            case MAX -> max(states, tokens, hidden, pooled, offset);
            case MEAN -> sum(states, tokens, hidden, pooled, offset, false, tokens);
            case MEAN_SQRT_LEN -> sum(states, tokens, hidden, pooled, offset, false, Math.sqrt(tokens));
            case WEIGHTED_MEAN -> sum(states, tokens, hidden, pooled, offset, true, tokens * (tokens + 1.0) / 2);
        }
    }

    private static void max(float[] states, int tokens, int hidden, float[] pooled, int offset) {
        System.arraycopy(states, 0, pooled, offset, hidden);
        for (int token = 1; token < tokens; token++) {
            for (int i = 0; i < hidden; i++) {
                pooled[offset + i] = Math.max(pooled[offset + i], states[token * hidden + i]);
            }
        }
    }

    private static void sum(
            float[] states, int tokens, int hidden, float[] pooled, int offset, boolean byPlace, double divisor) {
        float scale = (float) (1 / divisor);
        for (int token = 0; token < tokens; token++) {
            float weight = byPlace ? (token + 1) * scale : scale;
            for (int i = 0; i < hidden; i++) {
                pooled[offset + i] += weight * states[token * hidden + i];
            }
        }
    }
}
