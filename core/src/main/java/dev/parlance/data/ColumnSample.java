package dev.parlance.data;

import java.lang.Character.UnicodeScript;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What the first rows tell about one column.
 *
 * @param values different values with their counts
 * @param filled rows with a value
 * @param averageChars mean length of the values
 * @param proseShare share of the values that hold a space between words or Han characters
 * @param numericShare share of the values that are numbers
 */
record ColumnSample(
        Map<String, Integer> values, int filled, double averageChars, double proseShare, double numericShare) {
    static ColumnSample of(List<RawRow> rows, int column) {
        List<String> cells = rows.stream()
                .filter(row -> row.problem() == null && !row.nested().get(column))
                .map(row -> row.cell(column))
                .filter(Objects::nonNull)
                .map(String::strip)
                .filter(cell -> !cell.isEmpty())
                .toList();
        Map<String, Integer> values = new HashMap<>();
        cells.forEach(cell -> values.merge(cell, 1, Integer::sum));
        return new ColumnSample(
                values,
                cells.size(),
                cells.stream().mapToInt(String::length).average().orElse(0),
                share(cells, ColumnSample::isProse),
                share(cells, ColumnSample::isNumber));
    }

    /** Few values that come again and again. Short, since labels are names. */
    boolean looksLikeLabels() {
        return values.size() >= 2
                && values.size() < filled
                && values.size() <= Math.max(2, filled / 2)
                && averageChars <= 60;
    }

    /** How much the column looks like running text: its length, discounted where values are single words or repeat. */
    double textScore() {
        double different = filled == 0 ? 0 : (double) values.size() / filled;
        return averageChars * (0.1 + 0.9 * proseShare) * different * (1 - numericShare);
    }

    static boolean isNumber(String cell) {
        return cell.matches("[-+]?\\d+([.,]\\d+)*([eE][-+]?\\d+)?%?");
    }

    private static boolean isProse(String cell) {
        return cell.indexOf(' ') >= 0 || cell.codePoints().anyMatch(c -> UnicodeScript.of(c) == UnicodeScript.HAN);
    }

    private static double share(List<String> cells, java.util.function.Predicate<String> property) {
        return cells.isEmpty() ? 0 : (double) cells.stream().filter(property).count() / cells.size();
    }
}
