package dev.parlance.tokenize;

/**
 * How many tokens of each text stay when both must fit a budget: the longer one gives first, as Hugging Face's
 * {@code longest_first} counts it (tokenizers, {@code truncate_encodings}).
 *
 * @param first tokens kept of the first text
 * @param second tokens kept of the second text
 */
record Truncation(int first, int second) {
    static Truncation longestFirst(int first, int second, int budget) {
        if ((long) first + second <= budget) {
            return new Truncation(first, second);
        }
        int shorter = Math.min(first, second);
        int longer = shorter > budget ? shorter : Math.max(shorter, budget - shorter);
        if ((long) shorter + longer > budget) {
            shorter = budget / 2;
            longer = shorter + budget % 2;
        }
        return first > second ? new Truncation(longer, shorter) : new Truncation(shorter, longer);
    }
}
