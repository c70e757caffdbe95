package dev.parlance.track;

import java.util.Arrays;

/**
 * A curve: numbers by step, the steps rising.
 *
 * @param name for example {@code eval_loss}
 * @param steps after which steps
 * @param values the number after each; not copied, treat as read-only
 */
public record Series(String name, double[] steps, double[] values) {
    public Series {
        if (steps.length != values.length) {
            throw new IllegalArgumentException(steps.length + " steps for " + values.length + " values");
        }
    }

    /** Number of points. */
    public int size() {
        return steps.length;
    }

    /** The newest number; NaN if there is none. */
    public double last() {
        return values.length == 0 ? Double.NaN : values[values.length - 1];
    }

    /** The least number; NaN if there is none. */
    public double min() {
        return Arrays.stream(values).min().orElse(Double.NaN);
    }

    /** The greatest number; NaN if there is none. */
    public double max() {
        return Arrays.stream(values).max().orElse(Double.NaN);
    }
}
