package dev.parlance.task;

import java.util.Arrays;

/**
 * What a model puts out for a batch, row-major.
 *
 * @param values all numbers, length = product of the shape
 * @param shape {@code [batch, labels]} for a text, {@code [batch, sequence, ...]} for tokens
 */
public record Logits(float[] values, int... shape) {
    public Logits {
        int size = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        if (size != values.length) {
            throw new IllegalArgumentException(values.length + " values do not fill shape " + Arrays.toString(shape));
        }
    }

    /** A copy of the numbers of one example. */
    public float[] row(int index) {
        int width = values.length / shape[0];
        return Arrays.copyOfRange(values, index * width, (index + 1) * width);
    }
}
