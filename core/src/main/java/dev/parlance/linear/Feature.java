package dev.parlance.linear;

/**
 * What a feature counts.
 *
 * @param kind {@code word} or {@code char}
 * @param text the n-gram: words with one space between them, or characters, where a space is the edge of a word
 */
public record Feature(String kind, String text) {
    static final String WORD = "word";
    static final String CHAR = "char";
}
