package dev.parlance.train.track;

import org.jspecify.annotations.Nullable;

/**
 * A text of the validation data that a checkpoint gets wrong.
 *
 * @param text its text, cut to 2,000 chars
 * @param textPair the second text of a pair, cut likewise, or null
 * @param expected the label that the data says
 * @param predicted the label that the model says
 * @param probability that the model gives to what it says
 * @param expectedProbability that the model gives to what the data says
 * @param line physical line in its file, from 1
 */
public record WrongPrediction(
        String text,
        @Nullable String textPair,
        String expected,
        String predicted,
        double probability,
        double expectedProbability,
        long line) {
    private static final int MAX_CHARS = 2000;

    public WrongPrediction {
        text = cut(text);
        textPair = textPair == null ? null : cut(textPair);
    }

    private static String cut(String text) {
        if (text.length() <= MAX_CHARS) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(MAX_CHARS - 1)) ? MAX_CHARS - 1 : MAX_CHARS;
        return text.substring(0, end) + "…";
    }
}
