package dev.parlance.text;

import java.text.Normalizer;
import java.util.Locale;

/** Forms of a text to compare it by, and 64-bit hashes of them that stand for the text where texts take too much memory. */
public final class TextKey {
    private TextKey() {}

    /**
     * What is left when case, spaces, punctuation, symbols and character width are ignored: letters, marks and digits of
     * the lower-cased NFKC form. A text of symbols alone keeps them, so that "!" and "?" stay different.
     */
    public static String normalized(String text) {
        String folded = Normalizer.normalize(text, Normalizer.Form.NFKC);
        StringBuilder key = new StringBuilder(folded.length());
        folded.codePoints()
                .filter(c -> Character.isLetterOrDigit(c) || isMark(c))
                .map(c -> Character.toLowerCase(Character.toUpperCase(c)))
                .forEach(key::appendCodePoint);
        return key.length() == 0 ? folded.strip() : key.toString();
    }

    /** A label without regard to case, width, spaces, underscores and hyphens between letters: "C++" stays "c++". */
    public static String label(String label) {
        return Normalizer.normalize(label, Normalizer.Form.NFKC)
                .toLowerCase(Locale.ROOT)
                .replaceAll("[\\s_]+|(?<=\\p{L})-(?=\\p{L})", "");
    }

    /**
     * A 64-bit hash with well mixed bits (FNV-1a over the chars, then the finalizer of SplitMix64). Among 5 million texts
     * the chance of one false match is below one in a million.
     */
    public static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
        hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
        return hash ^ (hash >>> 31);
    }

    private static boolean isMark(int codePoint) {
        int type = Character.getType(codePoint);
        return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
    }
}
