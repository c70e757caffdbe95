package dev.parlance.data;

import dev.parlance.config.DataConfig;
import dev.parlance.config.UserError;
import dev.parlance.data.Columns.Column;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes examples of rows: decides on each defect of a row whether it is refused, left out or mended, and counts it. */
final class RowMapper {
    private final DataConfig config;
    private final String name;
    private final Layout layout;
    private final Columns columns;
    private final int width;
    private final boolean labelNeeded;
    private final Findings findings;
    /** One object for each label, shared by all examples that have it. */
    private final Map<String, Labels> labels = new HashMap<>();

    /** @param width number of columns; JSON objects may have more or fewer keys */
    RowMapper(
            DataConfig config,
            String name,
            Layout layout,
            Columns columns,
            int width,
            boolean labelNeeded,
            Findings findings) {
        this.config = config;
        this.name = name;
        this.layout = layout;
        this.columns = columns;
        this.width = width;
        this.labelNeeded = labelNeeded;
        this.findings = findings;
    }

    /** The example of a row, or null if the row is left out. */
    @Nullable
    Row map(RawRow raw) {
        String problem = problem(raw);
        if (problem != null) {
            if (config.badRows().equals("skip")) {
                findings.count("bad_rows", "row left out because it does not fit (data.bad_rows=skip)", raw.line());
                return null;
            }
            throw new UserError(name + " line " + raw.line() + ": " + problem
                    + "; mend it or leave such rows out with data.bad_rows=skip");
        }
        String text = text(raw, columns.text());
        String pair = columns.textPair() == null ? null : text(raw, columns.textPair());
        Labels label = label(raw);
        if (labelNeeded && label == null) {
            findings.count("missing_labels", "row without a label left out", raw.line());
            return null;
        }
        if (text.isBlank() || (pair != null && pair.isBlank())) {
            findings.count(
                    "empty_texts", labelNeeded ? "row with an empty text left out" : "empty text kept", raw.line());
            if (labelNeeded) {
                return null;
            }
        }
        return new Row(raw.line(), new Example(text, pair, label));
    }

    private @Nullable String problem(RawRow raw) {
        if (raw.problem() != null) {
            return raw.problem();
        }
        if (!layout.format().equals("jsonl")) {
            return widthProblem(raw);
        }
        for (Column column : new @Nullable Column[] {columns.text(), columns.textPair(), columns.label()}) {
            if (column != null && raw.nested().get(column.index())) {
                return "found " + raw.cell(column.index()) + " in " + column + ", expected a string";
            }
            boolean text = column != null && !column.equals(columns.label());
            if (column != null && text && raw.cell(column.index()) == null) {
                return "found no value for " + column + ", expected a string";
            }
        }
        return null;
    }

    private @Nullable String widthProblem(RawRow raw) {
        int found = raw.cells().size();
        if (found == width) {
            return null;
        }
        if (found > width && raw.cells().stream().skip(width).allMatch(cell -> cell == null || cell.isBlank())) {
            findings.count(
                    "extra_empty_fields", "row with empty fields after the last column; read without them", raw.line());
            return null;
        }
        int needed = Math.max(columns.text().index(), indexOf(columns.textPair()));
        if (found < width && found > Math.max(needed, labelNeeded ? indexOf(columns.label()) : -1)) {
            findings.count(
                    "short_rows", "row with fewer fields than columns; those that are read are there", raw.line());
            return null;
        }
        return "found " + found + (found == 1 ? " field" : " fields") + ", expected " + width
                + (layout.quoted()
                        ? " (fields that hold the delimiter or a line end must be quoted)"
                        : " (read without quoting: set data.quoting=quoted if quotes protect delimiters or line ends)");
    }

    private static int indexOf(@Nullable Column column) {
        return column == null ? -1 : column.index();
    }

    private String text(RawRow raw, Column column) {
        String cell = Objects.requireNonNullElse(raw.cell(column.index()), "");
        if (cell.length() > config.maxLineChars()) {
            throw new UserError(name + " line " + raw.line() + ": found " + cell.length() + " characters in " + column
                    + ", expected at most " + config.maxLineChars() + "; raise data.max_line_chars");
        }
        if (cell.indexOf('\0') >= 0) {
            findings.count("nul_characters", "text with NUL characters; they were dropped", raw.line());
        }
        return clean(cell);
    }

    private @Nullable Labels label(RawRow raw) {
        Column column = columns.label();
        String cell = column == null ? null : raw.cell(column.index());
        if (column == null || cell == null) {
            return null;
        }
        if (raw.literals().get(column.index())) {
            findings.count(
                    "literal_labels", "label that is a JSON number or boolean; read as its characters", raw.line());
        }
        String label = clean(cell).strip();
        if (label.length() != cell.length()) {
            findings.count("label_spaces", "label with spaces around it (or NULs); they were dropped", raw.line());
        }
        return label.isEmpty() ? null : labels.computeIfAbsent(label, Labels::gold);
    }

    static String clean(String cell) {
        return cell.indexOf('\0') < 0 ? cell : cell.replace("\0", "");
    }
}
