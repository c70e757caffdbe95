package dev.parlance.server.engine;

import org.jspecify.annotations.Nullable;

/**
 * A batch as the processor sees it: a rectangle of tokens.
 *
 * @param rows inputs
 * @param longest tokens of the longest, to which all are padded
 * @param tokens of all, without padding
 */
record BatchShape(int rows, int longest, long tokens) {
    /** A batch whose fixed cost is below this share of it gains nothing by growing, but makes everyone wait. */
    private static final int WORTH_OVERHEADS = 64;

    /**
     * What bounds a batch, and what it costs.
     *
     * @param maxTokens most tokens, padding included
     * @param maxRows most inputs
     * @param overheadTokens what any batch costs besides its tokens, in the time of a token
     */
    record Limits(long maxTokens, int maxRows, double overheadTokens) {
        /** Tokens from which on a batch gains nothing by growing. */
        static long worth(double overheadTokens) {
            return (long) (WORTH_OVERHEADS * overheadTokens);
        }
    }

    static BatchShape of(int length) {
        return new BatchShape(1, length, length);
    }

    /** With padding. */
    long padded() {
        return (long) rows * longest;
    }

    boolean isFull(Limits limits) {
        return rows >= limits.maxRows() || padded() >= limits.maxTokens();
    }

    /** With one input more; null if there is none or it does not fit. */
    @Nullable
    BatchShape with(@Nullable Input input, Limits limits) {
        if (input == null) {
            return null;
        }
        BatchShape grown = new BatchShape(rows + 1, Math.max(longest, input.length()), tokens + input.length());
        return grown.padded() <= limits.maxTokens() ? grown : null;
    }

    /** What the batch costs for each token that is no padding; padding costs as much as any other. */
    double costOfToken(Limits limits) {
        return (limits.overheadTokens() + padded()) / tokens;
    }

    /** Whether the first is there and costs no more for each token than the second, if that is there. */
    static boolean isFirstCheaper(@Nullable BatchShape first, @Nullable BatchShape second, Limits limits) {
        if (first == null || second == null) {
            return first != null;
        }
        return first.costOfToken(limits) <= second.costOfToken(limits);
    }
}
