package dev.parlance.tokenize;

import java.util.List;

/**
 * Encodings padded on the right to the longest of them, as models take them: all arrays are {@code [batch][sequence]}.
 *
 * @param inputIds vocabulary ids, the padding id after the end of a text
 * @param attentionMask 1 for a token, 0 for padding
 * @param tokenTypeIds 0 for the first text and padding, 1 for the second text
 */
public record Batch(long[][] inputIds, long[][] attentionMask, long[][] tokenTypeIds) {
    /** Pads the encodings; at least one is needed. */
    public static Batch of(List<Encoding> encodings, int padTokenId) {
        int rows = encodings.size();
        int length = encodings.stream().mapToInt(Encoding::length).max().orElseThrow();
        Batch batch = new Batch(new long[rows][length], new long[rows][length], new long[rows][length]);
        for (int row = 0; row < rows; row++) {
            Encoding encoding = encodings.get(row);
            for (int i = 0; i < length; i++) {
                boolean token = i < encoding.length();
                batch.inputIds[row][i] = token ? encoding.inputIds()[i] : padTokenId;
                batch.attentionMask[row][i] = token ? 1 : 0;
                batch.tokenTypeIds[row][i] = token ? encoding.tokenTypeIds()[i] : 0;
            }
        }
        return batch;
    }

    /** Number of texts. */
    public int size() {
        return inputIds.length;
    }

    /** Length to which the texts are padded, in tokens. */
    public int sequenceLength() {
        return inputIds[0].length;
    }
}
