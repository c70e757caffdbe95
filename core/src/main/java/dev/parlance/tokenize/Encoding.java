package dev.parlance.tokenize;

/**
 * A tokenized text: ids of the model's vocabulary with where each token stands in the text. All arrays have the same
 * length, special tokens included, padding excluded. The arrays are not copied: treat them as read-only.
 *
 * @param inputIds vocabulary ids
 * @param tokenTypeIds 0 for the first text, 1 for the second text of a pair
 * @param starts start of each token in the Java string (chars, inclusive); 0 for special tokens
 * @param ends end of each token in the Java string (chars, exclusive); 0 for special tokens
 * @param wordIds index of the word that each token belongs to, -1 for special tokens
 * @param sequenceIds 0 or 1 for tokens of the first or second text, -1 for special tokens
 * @param truncatedTokens how many tokens were cut off to fit the maximum length
 */
public record Encoding(
        int[] inputIds,
        int[] tokenTypeIds,
        int[] starts,
        int[] ends,
        int[] wordIds,
        int[] sequenceIds,
        int truncatedTokens) {
    /** Number of tokens, special tokens included. */
    public int length() {
        return inputIds.length;
    }
}
