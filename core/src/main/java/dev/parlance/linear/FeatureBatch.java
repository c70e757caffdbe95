package dev.parlance.linear;

import java.util.List;

/**
 * Features of several texts as the linear model's graph takes them, padded on the right with id 0 and value 0. Row-major.
 *
 * @param rows texts
 * @param width ids of a text, at least 1
 * @param ids {@code [rows, width]}
 * @param values {@code [rows, width]}
 */
public record FeatureBatch(int rows, int width, long[] ids, float[] values) {
    /** Pads the texts, or pieces of texts; at least one is needed. The intercept must be among their features. */
    public static FeatureBatch of(List<FeatureVector> texts) {
        int width =
                Math.max(1, texts.stream().mapToInt(FeatureVector::size).max().orElseThrow());
        FeatureBatch batch =
                new FeatureBatch(texts.size(), width, new long[texts.size() * width], new float[texts.size() * width]);
        for (int row = 0; row < texts.size(); row++) {
            FeatureVector text = texts.get(row);
            int at = row * width;
            for (int i = 0; i < text.size(); i++) {
                batch.ids[at + i] = text.ids()[i];
                batch.values[at + i] = text.values()[i];
            }
        }
        return batch;
    }
}
