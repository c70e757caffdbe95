package dev.parlance.tokenize;

import java.util.ArrayList;
import java.util.List;

/** The strings of runs/reference/tokenizer_fuzz.py: the same tables, the same random numbers, the same order of draws. */
final class FuzzText {
    private static final String[] WORDS =
            "the refund of my order was late and nobody answered unbelievable internationalization don't I'm"
                    .split(" ", -1);
    private static final String[] EMOJI = {
        "\uD83D\uDE00",
        "\u2764\uFE0F",
        "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67",
        "\uD83D\uDC4D\uD83C\uDFFD",
        "\uD83C\uDDE8\uD83C\uDDF3",
        "\uD83C\uDFF4\u200D\u2620\uFE0F",
        "1\uFE0F\u20E3",
        "\uD83E\uDDD1\u200D\uD83D\uDCBB"
    };
    private static final String[] SPACES = {
        " ", "  ", "\t", "\n", "\r\n", "\u00A0", "\u3000", "\u2003", "\u0085", "\u2028", "\u200B", "\uFEFF"
    };
    private static final String[] SPECIAL = {
        "[SEP]", "[MASK]", "[CLS]", "##ing", "<s>", "</s>", "<pad>", "[UNK]", "\uFFFD", "\u2581"
    };
    private static final int[][] RANGES = {
        {0x61, 0x7A, 10},
        {0x41, 0x5A, 6},
        {0x30, 0x39, 5},
        {0x21, 0x2F, 3},
        {0x4E00, 0x9FA5, 6},
        {0x20000, 0x2A6DF, 3},
        {0x300, 0x36F, 3},
        {0x5D0, 0x5EA, 6},
        {0x621, 0x64A, 6},
        {0x0, 0x1F, 2},
        {0x7F, 0x9F, 2},
        {0xC0, 0x17F, 5},
        {0xAC00, 0xD7A3, 4},
        {0xE01, 0xE3A, 5},
        {0x905, 0x939, 4},
        {0xFF01, 0xFF5E, 4},
        {0x1F300, 0x1F5FF, 2},
        {0x3041, 0x30FF, 4},
        {0x200B, 0x206F, 2},
        {0x1D400, 0x1D4FF, 3},
        {0xF900, 0xFA6D, 2},
        {0x370, 0x3FF, 4}
    };

    private long state;

    private FuzzText(long seed) {
        this.state = seed;
    }

    static List<String> texts(int count) {
        FuzzText random = new FuzzText(42);
        List<String> texts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            StringBuilder text = new StringBuilder();
            for (int left = random.below(24); left > 0; left--) {
                random.appendPiece(text);
                if (random.below(3) == 0) {
                    text.append(' ');
                }
            }
            texts.add(text.toString());
        }
        return texts;
    }

    /** SplitMix64 (Steele, Lea, Flood 2014). */
    private int below(int bound) {
        state += 0x9E3779B97F4A7C15L;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return (int) (((z ^ (z >>> 31)) >>> 33) % bound);
    }

    private void appendPiece(StringBuilder text) {
        int kind = below(RANGES.length + 8);
        int beyond = kind - RANGES.length;
        if (beyond < 0) {
            int[] range = RANGES[kind];
            for (int left = 1 + below(range[2]); left > 0; left--) {
                text.appendCodePoint(range[0] + below(range[1] - range[0] + 1));
            }
        } else if (beyond < 3) {
            text.append(WORDS[below(WORDS.length)]);
        } else if (beyond < 4) {
            text.append(EMOJI[below(EMOJI.length)]);
        } else if (beyond < 6) {
            text.append(SPACES[below(SPACES.length)]);
        } else if (beyond < 7) {
            text.append(SPECIAL[below(SPECIAL.length)]);
        } else {
            int code = below(0x110000 - 0x800);
            text.appendCodePoint(code < 0xD800 ? code : code + 0x800);
        }
    }
}
