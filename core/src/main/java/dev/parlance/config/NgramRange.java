package dev.parlance.config;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The lengths of n-grams, as scikit-learn's {@code ngram_range}.
 *
 * @param min shortest, at least 1
 * @param max longest, at most {@value #LONGEST}
 */
public record NgramRange(int min, int max) {
    /** The text that stands for no n-grams at all. */
    static final String NONE = "none";

    private static final int LONGEST = 20;
    private static final Pattern PAIR = Pattern.compile("\\s*(\\d{1,3})\\s*,\\s*(\\d{1,3})\\s*");

    /**
     * Reads {@code 1,2}; {@code none} is empty.
     *
     * @param setting what the error calls it
     * @throws UserError if the text is anything else, or the range is empty or too wide
     */
    public static Optional<NgramRange> parse(String setting, String text) {
        if (text.strip().equals(NONE)) {
            return Optional.empty();
        }
        Matcher pair = PAIR.matcher(text);
        if (pair.matches()) {
            int min = Integer.parseInt(pair.group(1));
            int max = Integer.parseInt(pair.group(2));
            if (min >= 1 && min <= max && max <= LONGEST) {
                return Optional.of(new NgramRange(min, max));
            }
        }
        throw new UserError(setting + " is '" + text + "', expected SHORTEST,LONGEST from 1 to " + LONGEST
                + " such as 1,2, or none");
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return min + "," + max;
    }
}
