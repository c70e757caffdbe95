package dev.parlance.train.loop;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** How much each class counts in the loss. */
final class ClassWeights {
    private ClassWeights() {}

    /**
     * The weights of the classes.
     *
     * @param kind {@code none} or {@code balanced}: examples / (classes x count), as scikit-learn's {@code class_weight}
     * @return null where all classes count the same
     */
    static float @Nullable [] of(String kind, int[] counts) {
        if (kind.equals("none")) {
            return null;
        }
        double total = Arrays.stream(counts).sum();
        float[] weights = new float[counts.length];
        for (int i = 0; i < counts.length; i++) {
            weights[i] = (float) (total / (counts.length * (double) Math.max(1, counts[i])));
        }
        return weights;
    }
}
