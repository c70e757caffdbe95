package dev.parlance.linear;

import dev.parlance.config.NgramRange;
import dev.parlance.text.ChineseWords;
import java.util.Arrays;

/**
 * Words in a row with a space between them. A word is two or more letters, digits or underscores in a row, as
 * scikit-learn's {@code token_pattern} has it, but a run of Han characters is taken apart by {@link ChineseWords}, and each
 * of its words counts, so that languages may be mixed within a text. More than {@value #MAX_WORD} characters in a row, such
 * as of encoded binary data, are no word.
 */
record WordNgrams(NgramRange range) implements Ngrams {
    private static final int MAX_WORD = 100;

    @Override
    public void of(String text, NgramSink sink) {
        Words words = Words.of(text);
        for (int first = 0; first < words.count; first++) {
            long state = NgramHash.START;
            int start = words.starts[first];
            int at = start;
            int last = Math.min(words.count, first + range.max());
            for (int word = first; word < last; word++) {
                int end = words.ends[word];
                for (; at < end; at++) {
                    state = NgramHash.add(state, words.codePoints[at]); // with the space before the word
                }
                if (word - first + 1 >= range.min()) {
                    sink.accept(NgramHash.finish(state), words.codePoints, start, end);
                }
            }
        }
    }

    /** The words of a text, one after the other with a space after each. */
    private static final class Words {
        int[] codePoints = new int[64];
        int[] starts = new int[16];
        int[] ends = new int[16];
        int count;
        private int length;

        static Words of(String text) {
            Words words = new Words();
            int i = 0;
            while (i < text.length()) {
                int codePoint = text.codePointAt(i);
                int end = i + Character.charCount(codePoint);
                boolean han = ChineseWords.isHan(codePoint);
                if (han || isWord(codePoint)) {
                    end = endOfRun(text, end, han);
                    if (han) {
                        ChineseWords.of(text.substring(i, end)).forEach(word -> words.add(word, 0, word.length(), 1));
                    } else {
                        words.add(text, i, end, 2);
                    }
                }
                i = end;
            }
            return words;
        }

        private static int endOfRun(String text, int from, boolean han) {
            int end = from;
            while (end < text.length()) {
                int codePoint = text.codePointAt(end);
                if (ChineseWords.isHan(codePoint) != han || !(han || isWord(codePoint))) {
                    break;
                }
                end += Character.charCount(codePoint);
            }
            return end;
        }

        /** As {@code \w} of Python. */
        private static boolean isWord(int codePoint) {
            if (codePoint < 128) {
                return (codePoint >= 'a' && codePoint <= 'z')
                        || (codePoint >= '0' && codePoint <= '9')
                        || (codePoint >= 'A' && codePoint <= 'Z')
                        || codePoint == '_';
            }
            if (Character.isLetterOrDigit(codePoint)) {
                return true;
            }
            int type = Character.getType(codePoint);
            return type == Character.LETTER_NUMBER || type == Character.OTHER_NUMBER;
        }

        private void add(String text, int from, int to, int shortest) {
            int size = text.codePointCount(from, to);
            if (size < shortest || size > MAX_WORD) {
                return;
            }
            if (length + size + 1 > codePoints.length) {
                codePoints = Arrays.copyOf(codePoints, 2 * (codePoints.length + size));
            }
            if (count == starts.length) {
                starts = Arrays.copyOf(starts, 2 * count);
                ends = Arrays.copyOf(ends, 2 * count);
            }
            starts[count] = length;
            for (int i = from; i < to; ) {
                int codePoint = text.codePointAt(i);
                codePoints[length++] = codePoint;
                i += Character.charCount(codePoint);
            }
            ends[count++] = length;
            codePoints[length++] = ' ';
        }
    }
}
