package dev.parlance.data;

import dev.parlance.config.DataConfig;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Decides whether the first row of a CSV or TSV file names the columns. */
final class HeaderRule {
    private HeaderRule() {}

    /** @param rows the first rows, blank ones left out, at least one */
    static boolean hasHeader(DataConfig config, List<RawRow> rows, Findings findings) {
        if (!config.header().equals("auto")) {
            return config.header().equals("yes");
        }
        String reason = reason(config, rows.get(0), rows.subList(1, rows.size()));
        if (reason == null) {
            findings.note(
                    "header", "the first row was taken for data, not for column names; set data.header=yes otherwise");
            return false;
        }
        if (!reason.isEmpty()) {
            findings.note(
                    "header", "the first row was taken for column names: " + reason + "; set data.header=no otherwise");
        }
        return true;
    }

    /** Why the first row is a header; empty if there is no doubt; null if it is none. */
    private static @Nullable String reason(DataConfig config, RawRow first, List<RawRow> rest) {
        List<String> names = ColumnNames.present(first.cells());
        if (Stream.of(config.textColumn(), config.textPairColumn(), config.labelColumn())
                .filter(Objects::nonNull)
                .anyMatch(asked -> !asked.matches("\\d+") && hasName(names, asked))) {
            return "";
        }
        if (IntStream.range(0, first.cells().size()).anyMatch(column -> comesAgain(first, rest, column))) {
            return null;
        }
        if (names.stream().anyMatch(ColumnNames::isKnown)) {
            return "";
        }
        boolean newValue = false;
        for (int column = 0; column < first.cells().size() && !rest.isEmpty(); column++) {
            String name = Objects.requireNonNullElse(first.cell(column), "").strip();
            ColumnSample sample = ColumnSample.of(rest, column);
            if (sample.filled() > 0 && sample.numericShare() == 1 && !name.isEmpty() && !ColumnSample.isNumber(name)) {
                return "below it, column " + column + " holds numbers alone";
            }
            newValue |= sample.looksLikeLabels() && sample.filled() >= 4 && !name.isEmpty();
        }
        return newValue && names.stream().distinct().count() == names.size() && names.size() > 1
                ? "its values do not come again below"
                : null;
    }

    /** Whether the value is one of the few that repeat below: then it is a label, even if it is called "question". */
    private static boolean comesAgain(RawRow first, List<RawRow> rest, int column) {
        ColumnSample sample = ColumnSample.of(rest, column);
        String value = Objects.requireNonNullElse(first.cell(column), "").strip();
        return sample.looksLikeLabels() && sample.values().containsKey(value);
    }

    private static boolean hasName(List<String> names, String asked) {
        return names.stream().anyMatch(name -> ColumnNames.fold(name).equals(ColumnNames.fold(asked)));
    }
}
