package dev.parlance.train.export;

/**
 * The range of values that unsigned bytes stand for, 0 among them.
 *
 * @param min at most 0
 * @param max at least 0, and over {@code min}
 */
record InputRange(float min, float max) {
    private static final int LARGEST = 255;

    InputRange {
        if (!(min <= 0 && max >= 0 && max > min)) {
            throw new IllegalArgumentException("range from " + min + " to " + max + "; expected one around 0");
        }
    }

    float scale() {
        return (max - min) / LARGEST;
    }

    /** The byte that stands for 0. */
    int zeroPoint() {
        return (int) Math.rint(-min / scale());
    }
}
