package dev.parlance.linear;

import java.util.Arrays;

/**
 * The features of a text that are not 0. The arrays are not copied: treat them as read-only.
 *
 * @param ids in ascending order
 * @param values as many, each in (0, 1]
 */
public record FeatureVector(int[] ids, float[] values) {
    public FeatureVector {
        if (ids.length != values.length) {
            throw new IllegalArgumentException(ids.length + " ids for " + values.length + " values");
        }
    }

    /** With one more feature of value 1, which the row of the intercepts stands under in the graph. */
    public FeatureVector withIntercept(int interceptId) {
        int[] moreIds = Arrays.copyOf(ids, ids.length + 1);
        float[] moreValues = Arrays.copyOf(values, values.length + 1);
        moreIds[ids.length] = interceptId;
        moreValues[values.length] = 1;
        return new FeatureVector(moreIds, moreValues);
    }

    /** How many features are not 0. */
    public int size() {
        return ids.length;
    }
}
