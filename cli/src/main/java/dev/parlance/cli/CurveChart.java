package dev.parlance.cli;

import dev.parlance.track.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A curve in a terminal, drawn with Braille characters: each has two dots by four. Values that are no finite numbers leave a
 * gap.
 */
final class CurveChart {
    /** Bits of the dots of U+2800 by column and row. */
    private static final int[][] DOTS = {{0x01, 0x02, 0x04, 0x40}, {0x08, 0x10, 0x20, 0x80}};

    private static final int LABEL = 11;

    private final Series series;
    private final int columns;
    private final int rows;
    private final int[][] cells; // [row][column]

    /**
     * A chart.
     *
     * @param width columns of the terminal, at least 20
     * @param rows lines of the chart itself
     */
    CurveChart(Series series, int width, int rows) {
        this.series = series;
        this.columns = width - LABEL - 2;
        this.rows = rows;
        this.cells = new int[rows][columns];
    }

    /** Title, chart and axis, line by line. */
    List<String> lines() {
        Bounds y = Bounds.of(series.values());
        Bounds x = Bounds.of(series.steps());
        draw(x, y);
        List<String> lines = new ArrayList<>();
        lines.add(RunsCommand.safe(series.name()) + ": " + number(series.last()) + " at step " + step(x.high())
                + ", least " + number(y.low()) + ", greatest " + number(y.high()));
        for (int row = 0; row < rows; row++) {
            String label = row == 0 ? number(y.high()) : row == rows - 1 ? number(y.low()) : "";
            StringBuilder line = new StringBuilder(" ".repeat(Math.max(0, LABEL - label.length())) + label + " ┤");
            for (int cell : cells[row]) {
                line.appendCodePoint(cell == 0 ? ' ' : 0x2800 + cell);
            }
            lines.add(line.toString().stripTrailing());
        }
        String first = step(x.low());
        String last = step(x.high());
        lines.add(" ".repeat(LABEL + 2)
                + first
                + " ".repeat(Math.max(1, columns - first.length() - last.length()))
                + last);
        return lines;
    }

    private void draw(Bounds x, Bounds y) {
        int lastX = -1;
        int lastY = -1;
        for (int i = 0; i < series.size(); i++) {
            if (!Double.isFinite(series.values()[i])) {
                lastX = -1;
                continue;
            }
            int dotX = x.place(series.steps()[i], columns * 2);
            int dotY = rows * 4 - 1 - y.place(series.values()[i], rows * 4);
            if (lastX < 0) {
                dot(dotX, dotY);
            } else {
                segment(lastX, lastY, dotX, dotY);
            }
            lastX = dotX;
            lastY = dotY;
        }
    }

    private void segment(int fromX, int fromY, int toX, int toY) {
        int steps = Math.max(1, Math.max(Math.abs(toX - fromX), Math.abs(toY - fromY)));
        for (int i = 0; i <= steps; i++) {
            dot(
                    fromX + Math.round((float) (toX - fromX) * i / steps),
                    fromY + Math.round((float) (toY - fromY) * i / steps));
        }
    }

    private void dot(int x, int y) {
        cells[y / 4][x / 2] |= DOTS[x % 2][y % 4];
    }

    private static String step(double step) {
        return String.format(Locale.ROOT, "%,.0f", step);
    }

    static String number(double value) {
        double size = Math.abs(value);
        return String.format(Locale.ROOT, size != 0 && (size < 1e-3 || size >= 1e6) ? "%.2e" : "%.4f", value);
    }

    /** From the least to the greatest finite number. */
    private record Bounds(double low, double high) {
        static Bounds of(double[] values) {
            double low = Double.POSITIVE_INFINITY;
            double high = Double.NEGATIVE_INFINITY;
            for (double value : values) {
                if (Double.isFinite(value)) {
                    low = Math.min(low, value);
                    high = Math.max(high, value);
                }
            }
            return low > high ? new Bounds(0, 0) : new Bounds(low, high);
        }

        /** Which of {@code count} places from 0 a number takes; the middle if all numbers are the same. */
        int place(double value, int count) {
            return high == low ? (count - 1) / 2 : (int) Math.round((value - low) / (high - low) * (count - 1));
        }
    }
}
