package dev.parlance.train.track;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import javax.imageio.ImageIO;

/**
 * A confusion matrix as a picture: rows are gold, columns are predicted, both numbered in the order of the labels from 0;
 * blue is right, red is wrong, the more of the row the darker, with the counts where there is room. Digits are drawn from
 * dots, and names not at all: fonts are missing on many servers.
 *
 * @param width in pixels
 * @param height in pixels
 * @param png the file
 */
record ConfusionImage(int width, int height, byte[] png) {
    /** With more labels a matrix is no picture that anybody could read. */
    static final int MAX_LABELS = 200;

    private static final int MARGIN = 22;
    private static final int MAX_SIZE = 1000;
    private static final int MAX_CELL = 40;
    private static final int WHITE = 0xffffff;
    private static final int GREY = 0xd8d8d8;
    private static final int INK = 0x202020;
    private static final int RIGHT = 0x4682dc;
    private static final int WRONG = 0xdc503c;

    /** Three dots by five for each digit, a row in an octal digit. */
    private static final int[] DIGITS = {075557, 026227, 071747, 071717, 055711, 074717, 074757, 071111, 075757, 075717
    };

    private static final int GLYPH_WIDTH = 4;
    private static final int GLYPH_HEIGHT = 5;

    static ConfusionImage of(int[][] confusion) {
        int labels = confusion.length;
        if (labels > MAX_LABELS) {
            throw new IllegalArgumentException(labels + " labels, expected at most " + MAX_LABELS);
        }
        int cell = Math.max(4, Math.min(MAX_CELL, MAX_SIZE / Math.max(1, labels)));
        int size = MARGIN + labels * cell + 1;
        BufferedImage image = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
        fill(image, 0, 0, size, size, WHITE);
        fill(image, MARGIN, MARGIN, labels * cell + 1, labels * cell + 1, GREY);
        for (int gold = 0; gold < labels; gold++) {
            double support = Math.max(1, Arrays.stream(confusion[gold]).sum());
            for (int predicted = 0; predicted < labels; predicted++) {
                int count = confusion[gold][predicted];
                int x = MARGIN + predicted * cell;
                int y = MARGIN + gold * cell;
                fill(image, x + 1, y + 1, cell - 1, cell - 1, shade(gold == predicted, count / support));
                number(image, count, x, y, cell, cell);
            }
            number(image, gold, 0, MARGIN + gold * cell, MARGIN, cell);
            number(image, gold, MARGIN + gold * cell, 0, cell, MARGIN);
        }
        return new ConfusionImage(size, size, encode(image));
    }

    private static int shade(boolean right, double share) {
        int full = right ? RIGHT : WRONG;
        int color = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            int part = (full >> shift) & 0xff;
            color |= (int) Math.round(0xff + (part - 0xff) * share * 0.8) << shift;
        }
        return color;
    }

    /** In the middle of a box; left out if it does not fit. */
    private static void number(BufferedImage image, int number, int left, int top, int width, int height) {
        String digits = Integer.toString(number);
        int scale = digits.length() * GLYPH_WIDTH * 2 + 1 < width && GLYPH_HEIGHT * 2 + 2 < height ? 2 : 1;
        int x = left + (width - digits.length() * GLYPH_WIDTH * scale) / 2 + 1;
        int y = top + (height - GLYPH_HEIGHT * scale) / 2 + 1;
        if (x <= left || y <= top) {
            return;
        }
        for (int i = 0; i < digits.length(); i++) {
            int glyph = DIGITS[digits.charAt(i) - '0'];
            for (int dot = 0; dot < 15; dot++) {
                if ((glyph >> (14 - dot) & 1) == 1) {
                    fill(image, x + dot % 3 * scale, y + dot / 3 * scale, scale, scale, INK);
                }
            }
            x += GLYPH_WIDTH * scale;
        }
    }

    private static void fill(BufferedImage image, int left, int top, int width, int height, int color) {
        for (int y = top; y < top + height; y++) {
            for (int x = left; x < left + width; x++) {
                image.setRGB(x, y, color);
            }
        }
    }

    private static byte[] encode(BufferedImage image) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(image, "png", bytes)) {
                throw new IllegalStateException("this Java cannot write PNG, which every Java can");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory alone is written
        }
        return bytes.toByteArray();
    }
}
