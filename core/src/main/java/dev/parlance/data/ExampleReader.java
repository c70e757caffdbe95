package dev.parlance.data;

import dev.parlance.config.DataConfig;
import dev.parlance.config.UserError;
import dev.parlance.data.Columns.Column;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Streams the examples of a CSV, TSV or JSONL file, packed with gzip or not, in the order of the file. Never holds more
 * than the first rows, by which it finds header and columns. Every decision it takes is in {@link #findings}; what it
 * cannot read it refuses with a {@link UserError} that names the line. Not thread-safe; can be iterated once.
 */
public final class ExampleReader implements Iterable<Row>, Closeable {
    private static final int SAMPLE_ROWS = 1_000;
    private static final int SAMPLE_CHARS = 1 << 20;

    private final DataConfig config;
    private final String name;
    private final TextInput input;
    private final Findings findings = new Findings();
    private final RawRows source;
    private final Layout layout;
    private final Deque<RawRow> sample = new ArrayDeque<>();
    private final Columns columns;
    private final int width;
    private final boolean labelNeeded;
    private final Map<String, Labels> labels = new HashMap<>();
    private boolean iterated;

    private ExampleReader(DataConfig config, InputStream in, String name, boolean live, boolean labelNeeded)
            throws IOException {
        this.config = config;
        this.name = name;
        this.labelNeeded = labelNeeded;
        this.input = TextInput.of(in, name, config.encoding(), config.maxUnpackedBytes(), findings);
        String start = input.peek(SAMPLE_CHARS, live);
        this.layout = Layout.detect(config, name, start, start.length() < SAMPLE_CHARS - 1 && !live, findings);
        this.source = rows();
        for (RawRow row = nextFilled(); row != null; row = sample.size() < sampleRows(live) ? nextFilled() : null) {
            sample.add(row);
        }
        if (sample.isEmpty()) {
            throw new UserError(name + " is empty, expected rows with a text" + (labelNeeded ? " and a label" : ""));
        }
        List<@Nullable String> names = takeNames();
        this.width = names.size();
        this.columns = new ColumnRule(name, names, List.copyOf(sample)).choose(config, labelNeeded);
    }

    /** Opens a file whose rows may lack labels, as prediction needs it. */
    public static ExampleReader open(DataConfig config, Path file) {
        return open(config, ByteInput.open(file), file.toString(), false, false);
    }

    /**
     * Reads from a stream such as standard input; {@code name} stands for it in messages and, by its ending, tells the
     * format. Rows come as they arrive if format, header and columns are given; otherwise after the first 1,000.
     */
    public static ExampleReader open(DataConfig config, InputStream in, String name) {
        return open(config, in, name, true, false);
    }

    /** Opens a file in which every row should have a label. */
    static ExampleReader openLabelled(DataConfig config, Path file) {
        return open(config, ByteInput.open(file), file.toString(), false, true);
    }

    private static ExampleReader open(
            DataConfig config, InputStream in, String name, boolean live, boolean labelNeeded) {
        try {
            return new ExampleReader(config, in, name, live, labelNeeded);
        } catch (IOException e) {
            closeQuietly(in, e);
            throw unreadable(name, e);
        } catch (RuntimeException e) {
            closeQuietly(in, e);
            throw e;
        }
    }

    /** The columns that are read and how they were found. */
    public Columns columns() {
        return columns;
    }

    /** {@code csv}, {@code tsv} or {@code jsonl}. */
    public String format() {
        return layout.format();
    }

    /** What was decided and counted up to the row that was read last. */
    public List<Finding> findings() {
        return findings.toList();
    }

    /** The rows, once. The iterator throws {@link UserError} at a row that cannot be used. */
    @Override
    public Iterator<Row> iterator() {
        if (iterated) {
            throw new IllegalStateException("a reader can be iterated once; open the file again");
        }
        iterated = true;
        return new Rows();
    }

    /** The file with its hash, for provenance, after the last row; reads what is left of it. */
    public DataFile finish() {
        try {
            return input.finish();
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    @Override
    public void close() {
        try {
            input.close();
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    private RawRows rows() {
        BufferedReader reader = new BufferedReader(input, 1 << 15);
        if (layout.format().equals("jsonl")) {
            return new JsonRows(reader, name, config.maxLineChars());
        }
        return layout.quoted()
                ? new QuotedRows(reader, name, layout.delimiter(), config.maxLineChars())
                : new PlainRows(
                        reader, name, layout.delimiter(), config.maxLineChars(), layout.autoQuoting(), findings);
    }

    /** How many rows to look at before the first is given out: as few as the settings allow where someone may wait. */
    private int sampleRows(boolean live) {
        boolean told = config.textColumn() != null
                && (layout.format().equals("jsonl") || !config.header().equals("auto"));
        return live && told ? 2 : SAMPLE_ROWS;
    }

    private List<@Nullable String> takeNames() {
        if (layout.format().equals("jsonl")) {
            List<@Nullable String> keys = new ArrayList<>(source.keys());
            if (keys.isEmpty()) {
                RawRow first = sample.getFirst();
                throw new UserError(name + " line " + first.line() + ": "
                        + Objects.requireNonNullElse(first.problem(), "found an object without keys, expected a text"));
            }
            return keys;
        }
        RawRow first = sample.getFirst();
        List<@Nullable String> names = new ArrayList<>();
        boolean header = HeaderRule.hasHeader(config, List.copyOf(sample), findings);
        first.cells()
                .forEach(cell -> names.add(header && cell != null ? clean(cell).strip() : null));
        if (header) {
            sample.removeFirst();
            if (sample.isEmpty()) {
                throw new UserError(name + " has a header (" + String.join(", ", first.cells())
                        + ") but no rows; if the first line is data, set data.header=no");
            }
            warnOfSameNames(names);
        }
        return names;
    }

    private void warnOfSameNames(List<@Nullable String> names) {
        List<String> same = ColumnNames.present(names).stream()
                .filter(column -> !column.isEmpty())
                .filter(column -> names.indexOf(column) != names.lastIndexOf(column))
                .distinct()
                .toList();
        if (!same.isEmpty()) {
            findings.warn(
                    "duplicate_column_names",
                    "several columns are named " + String.join(", ", same) + "; choose among them by index");
        }
    }

    private @Nullable RawRow nextFilled() throws IOException {
        for (RawRow row = source.next(); row != null; row = source.next()) {
            if (!row.isBlank()) {
                return row;
            }
            findings.count("blank_lines", "blank line skipped", row.line());
        }
        return null;
    }

    /** The example of a row, or null if the row is left out. */
    private @Nullable Row read(RawRow raw) {
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

    private static String clean(String cell) {
        return cell.indexOf('\0') < 0 ? cell : cell.replace("\0", "");
    }

    private static void closeQuietly(InputStream in, Exception reason) {
        try {
            in.close();
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    private static UserError unreadable(String name, IOException e) {
        return new UserError(name + " cannot be read: " + e, e);
    }

    private final class Rows implements Iterator<Row> {
        private @Nullable Row next;

        @Override
        public boolean hasNext() {
            try {
                while (next == null) {
                    RawRow raw = sample.isEmpty() ? nextFilled() : sample.removeFirst();
                    if (raw == null) {
                        return false;
                    }
                    next = read(raw);
                }
                return true;
            } catch (IOException e) {
                throw unreadable(name, e);
            }
        }

        @Override
        public Row next() {
            if (!hasNext()) {
                throw new NoSuchElementException(name + " has no more rows");
            }
            Row row = Objects.requireNonNull(next);
            next = null;
            return row;
        }
    }
}
