package dev.parlance.cli;

import dev.parlance.metric.DisplayWidth;
import java.io.PrintStream;
import java.util.List;

/** Rows of text in aligned columns. */
final class Table {
    private Table() {}

    /** Prints rows of the same length; the first is the heading. */
    static void print(PrintStream out, List<List<String>> rows) {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], DisplayWidth.of(row.get(i)));
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                line.append(DisplayWidth.left(row.get(i), widths[i] + 2));
            }
            out.println(line.toString().stripTrailing());
        }
    }
}
