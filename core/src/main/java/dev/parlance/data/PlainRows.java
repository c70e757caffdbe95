package dev.parlance.data;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lines cut at every delimiter; quotes and backslashes are characters like any other. */
final class PlainRows implements RawRows {
    private final LineReader lines;
    private final char delimiter;
    private final boolean autoQuoting;
    private final Findings findings;

    /** @param autoQuoting whether nobody asked for raw quotes, so that fields that look quoted are to be reported */
    PlainRows(Reader reader, String name, char delimiter, int maxFieldChars, boolean autoQuoting, Findings findings) {
        this.lines = new LineReader(reader, name, (long) RECORD_FACTOR * maxFieldChars);
        this.delimiter = delimiter;
        this.autoQuoting = autoQuoting;
        this.findings = findings;
    }

    @Override
    public @Nullable RawRow next() throws IOException {
        String line = lines.next();
        if (line == null) {
            return null;
        }
        List<String> cells = new ArrayList<>();
        int start = 0;
        for (int end = line.indexOf(delimiter);
                end >= 0 && cells.size() < MAX_COLUMNS;
                end = line.indexOf(delimiter, start)) {
            cells.add(line.substring(start, end));
            start = end + 1;
        }
        cells.add(line.substring(start));
        if (autoQuoting && cells.stream().anyMatch(QuotingRule::needsQuotedReading)) {
            findings.count(
                    "looks_quoted",
                    "field that looks quoted was kept with its quotes; set data.quoting=quoted if the file is quoted throughout",
                    lines.line());
        }
        return RawRow.of(lines.line(), cells);
    }

    @Override
    public List<String> keys() {
        return List.of();
    }
}
