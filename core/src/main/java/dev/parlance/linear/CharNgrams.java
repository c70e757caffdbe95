package dev.parlance.linear;

import dev.parlance.config.NgramRange;
import java.util.Arrays;

/**
 * Characters (code points) in a row within a word and one space on each side of it, as scikit-learn's
 * {@code analyzer="char_wb"}: words are what white space separates, and one that is shorter than the shortest n-gram counts
 * once as a whole.
 */
record CharNgrams(NgramRange range) implements Ngrams {
    @Override
    public void of(String text, NgramSink sink) {
        int[] word = new int[2 + Math.min(text.length(), 64)];
        word[0] = ' ';
        int length = 1;
        for (int i = 0; i <= text.length(); ) {
            int codePoint = i < text.length() ? text.codePointAt(i) : ' ';
            if (length + 1 >= word.length) {
                word = Arrays.copyOf(word, 2 * word.length);
            }
            if (!Ngrams.isSpace(codePoint)) {
                word[length++] = codePoint;
            } else if (length > 1) {
                word[length++] = ' ';
                windows(word, length, sink);
                length = 1;
            }
            i += Character.charCount(codePoint);
        }
    }

    private void windows(int[] word, int length, NgramSink sink) {
        int shortest = Math.min(range.min(), length);
        for (int start = 0; start + shortest <= length; start++) {
            long state = NgramHash.START;
            int longest = Math.min(length, start + Math.max(shortest, range.max()));
            for (int end = start + 1; end <= longest; end++) {
                state = NgramHash.add(state, word[end - 1]);
                if (end - start >= shortest) {
                    sink.accept(NgramHash.finish(state), word, start, end);
                }
            }
        }
    }
}
