package dev.parlance.data;

/**
 * A text as a point in a space where like texts are near each other.
 *
 * @param values the coordinates; not copied, not to be changed
 */
public record Embedding(float[] values) implements Annotation {
    /** The cosine of the angle to another point of the same space, in [-1, 1]; 0 if either is the origin. */
    public double cosine(Embedding other) {
        if (values.length != other.values.length) {
            throw new IllegalArgumentException("embeddings of " + values.length + " and " + other.values.length
                    + " numbers are of different spaces");
        }
        double dot = 0;
        double own = 0;
        double others = 0;
        for (int i = 0; i < values.length; i++) {
            dot += (double) values[i] * other.values[i];
            own += (double) values[i] * values[i];
            others += (double) other.values[i] * other.values[i];
        }
        return own == 0 || others == 0 ? 0 : dot / Math.sqrt(own * others);
    }
}
