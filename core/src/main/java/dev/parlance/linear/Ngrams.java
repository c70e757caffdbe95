package dev.parlance.linear;

import dev.parlance.config.NgramRange;

/** Takes a text apart into n-grams. Two kinds. */
sealed interface Ngrams permits WordNgrams, CharNgrams {
    /** Hands over every n-gram, as often as it occurs. */
    void of(String text, NgramSink sink);

    /** The lengths. */
    NgramRange range();

    /** As Python's {@code str.isspace}. */
    static boolean isSpace(int codePoint) {
        return Character.isWhitespace(codePoint) || Character.isSpaceChar(codePoint) || codePoint == 0x85;
    }
}
