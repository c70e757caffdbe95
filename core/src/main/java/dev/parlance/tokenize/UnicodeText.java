package dev.parlance.tokenize;

/**
 * A Java string as the native library takes it, with the way back: the library counts code points, Java counts chars.
 * A lone surrogate, which no UTF-8 can hold, becomes U+FFFD; that is one char for one char, so offsets stay.
 */
final class UnicodeText {
    private final String text;
    private final int[] charOfCodePoint;

    private UnicodeText(String text, int[] charOfCodePoint) {
        this.text = text;
        this.charOfCodePoint = charOfCodePoint;
    }

    static UnicodeText of(String raw) {
        int surrogates = 0;
        for (int i = 0; i < raw.length(); i++) {
            if (Character.isSurrogate(raw.charAt(i))) {
                surrogates++;
            }
        }
        if (surrogates == 0) {
            return new UnicodeText(raw, new int[0]);
        }
        String text = withoutLoneSurrogates(raw);
        int[] starts = new int[text.codePointCount(0, text.length()) + 1];
        int codePoint = 0;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            starts[codePoint++] = i;
        }
        starts[codePoint] = text.length();
        return new UnicodeText(text, starts);
    }

    private static String withoutLoneSurrogates(String raw) {
        StringBuilder text = new StringBuilder(raw);
        for (int i = 0; i < raw.length(); i++) {
            if (!Character.isSurrogate(raw.charAt(i))) {
                continue;
            }
            if (Character.charCount(raw.codePointAt(i)) == 2) {
                i++;
            } else {
                text.setCharAt(i, '\uFFFD');
            }
        }
        return text.toString();
    }

    /** The text without lone surrogates, as long as the original in chars. */
    String text() {
        return text;
    }

    /** The char offset of the code point at that offset; the length of the text for the offset after the last. */
    int charOffset(int codePointOffset) {
        return charOfCodePoint.length == 0 ? codePointOffset : charOfCodePoint[codePointOffset];
    }
}
