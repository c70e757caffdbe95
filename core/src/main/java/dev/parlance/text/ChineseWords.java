package dev.parlance.text;

import java.lang.Character.UnicodeScript;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.analysis.cn.smart.hhmm.HHMMSegmenter;
import org.apache.lucene.analysis.cn.smart.hhmm.SegToken;
import org.apache.lucene.util.Version;

/**
 * Words of Chinese text, which has no spaces between them, by the hidden Markov model and the dictionary of Lucene's smartcn.
 * The dictionary is of simplified Chinese; traditional text comes apart into shorter words or single characters. Safe for
 * concurrent use; the dictionary is loaded on first use.
 */
public final class ChineseWords {
    /** Longer runs without punctuation are no text that people write; pieces keep the time linear. */
    private static final int PIECE = 500;

    private ChineseWords() {}

    /** Whether words are found by the dictionary: a Han character. */
    public static boolean isHan(int codePoint) {
        return codePoint >= 0x2E80 && UnicodeScript.of(codePoint) == UnicodeScript.HAN;
    }

    /** The words of a run of Han characters, which together are the run. */
    public static List<String> of(String run) {
        List<String> words = new ArrayList<>();
        for (int start = 0; start < run.length(); ) {
            int end = Math.min(run.length(), start + PIECE);
            if (end < run.length() && Character.isSurrogatePair(run.charAt(end - 1), run.charAt(end))) {
                end--;
            }
            split(run.substring(start, end), words);
            start = end;
        }
        return words;
    }

    /** Version of the library, for example {@code 9.12.3}. */
    public static String version() {
        return Version.LATEST.toString();
    }

    private static void split(String piece, List<String> words) {
        for (SegToken token : new HHMMSegmenter().process(piece)) {
            boolean inside = token.startOffset >= 0 && token.endOffset <= piece.length(); // not the marks of both ends
            if (inside && token.startOffset < token.endOffset) {
                words.add(piece.substring(token.startOffset, token.endOffset));
            }
        }
    }
}
