package dev.parlance.data;

import dev.parlance.config.DataConfig;
import dev.parlance.config.UserError;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
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
    private final RowMapper mapper;
    private boolean iterated;

    private ExampleReader(DataConfig config, InputStream in, String name, boolean live, boolean labelNeeded)
            throws IOException {
        this.config = config;
        this.name = name;
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
        this.columns = new ColumnRule(name, names, List.copyOf(sample)).choose(config, labelNeeded);
        this.mapper = new RowMapper(config, name, layout, columns, names.size(), labelNeeded, findings);
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
        if (live && told) {
            return layout.format().equals("jsonl") || config.header().equals("no") ? 1 : 2;
        }
        return SAMPLE_ROWS;
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
                .forEach(cell ->
                        names.add(header && cell != null ? RowMapper.clean(cell).strip() : null));
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
            if (!row.blank()) {
                return row;
            }
            findings.count("blank_lines", "blank line skipped", row.line());
        }
        return null;
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
                    next = mapper.map(raw);
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
