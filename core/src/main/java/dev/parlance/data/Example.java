package dev.parlance.data;

import org.jspecify.annotations.Nullable;

/**
 * One item of a data set: a text, for pair tasks a second text, and the gold annotation where it is known.
 *
 * @param text the text, never null, may be empty
 * @param textPair the second text of a pair, or null
 * @param gold what the data says, or null for data without labels
 */
public record Example(
        String text, @Nullable String textPair, @Nullable Annotation gold) {
    /** A text without gold annotation. */
    public static Example of(String text) {
        return new Example(text, null, null);
    }

    /** A text with one gold label. */
    public static Example of(String text, String label) {
        return new Example(text, null, Labels.gold(label));
    }

    /** The gold label; fails if there is none. */
    public String goldLabel() {
        if (gold instanceof Labels labels) {
            return labels.best().label();
        }
        throw new IllegalStateException("the example has no gold label: " + this);
    }
}
