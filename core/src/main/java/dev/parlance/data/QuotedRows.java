package dev.parlance.data;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import dev.parlance.config.UserError;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fields as RFC 4180 has them: quotes around a field protect delimiters and line ends, a quote inside is doubled. */
final class QuotedRows implements RawRows {
    private final CloseableIterator<CsvRecord> records;
    private final String name;
    private final int maxFieldChars;
    private long nextLine = 1;
    private boolean ended;

    QuotedRows(Reader reader, String name, char delimiter, int maxFieldChars) {
        this.name = name;
        this.maxFieldChars = maxFieldChars;
        int maxRecord = (int) Math.min(Integer.MAX_VALUE - 8, (long) RECORD_FACTOR * maxFieldChars);
        this.records = CsvReader.builder()
                .fieldSeparator(delimiter)
                .skipEmptyLines(false)
                .allowExtraFields(true)
                .allowMissingFields(true)
                .maxBufferSize(Math.max(1 << 16, maxRecord))
                .build(
                        CsvRecordHandler.builder()
                                .maxFields(MAX_COLUMNS)
                                .maxFieldSize(maxFieldChars)
                                .maxRecordSize(maxRecord)
                                .build(),
                        new EndMarker(reader))
                .iterator();
    }

    @Override
    public @Nullable RawRow next() throws IOException {
        if (ended) {
            return null;
        }
        CsvRecord csv;
        try {
            csv = records.next();
        } catch (CsvParseException | UncheckedIOException e) {
            throw explain(e);
        }
        nextLine = csv.getStartingLineNumber() + 1;
        String last = csv.getField(csv.getFieldCount() - 1);
        if (!last.endsWith(EndMarker.MARK)) {
            return RawRow.of(csv.getStartingLineNumber(), csv.getFields());
        }
        if (csv.getFieldCount() == 1 && last.length() == EndMarker.MARK.length()) {
            ended = true;
            return null;
        }
        throw new UserError(name + " line " + csv.getStartingLineNumber()
                + ": found a quote that is never closed in the row that starts here, expected a closing quote before the"
                + " file ends; close it, double quotes inside quoted fields, or set data.quoting=raw");
    }

    private RuntimeException explain(RuntimeException e) throws IOException {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof UserError error) {
                return error;
            }
            if (cause instanceof IOException error) {
                throw error;
            }
        }
        Throwable cause = e.getCause() == null ? e : e.getCause();
        String found = String.valueOf(cause.getMessage());
        if (found.contains("closing quote")) {
            return new UserError(
                    name + " line " + nextLine + " or the row that starts there: found text after a closing quote ("
                            + found
                            + "), expected a delimiter or a line end; double quotes inside quoted fields, or set"
                            + " data.quoting=raw",
                    e);
        }
        return new UserError(
                name + " line " + nextLine + ": found a field of more than " + maxFieldChars
                        + " characters in the row that starts here (" + found
                        + "), expected shorter ones; often a quote is"
                        + " not closed, otherwise raise data.max_line_chars",
                e);
    }

    @Override
    public List<String> keys() {
        return List.of();
    }

    /**
     * Adds a last row that no file has. The CSV parser takes the end of the file for a closing quote; if the mark comes
     * back inside a longer field instead of on its own, a quote was open.
     */
    private static final class EndMarker extends Reader {
        /** U+FDD0 is a noncharacter: it is for use inside a program and never in files. */
        static final String MARK = "\uFDD0end\uFDD0";

        private final Reader reader;
        private String tail = "";
        private int position = -1;
        private char last = '\n';

        EndMarker(Reader reader) {
            this.reader = reader;
        }

        @Override
        public int read(char[] target, int offset, int length) throws IOException {
            if (position < 0) {
                int count = reader.read(target, offset, length);
                if (count >= 0) {
                    last = count == 0 ? last : target[offset + count - 1];
                    return count;
                }
                tail = last == '\n' || last == '\r' ? MARK : "\n" + MARK;
                position = 0;
            }
            int count = Math.min(length, tail.length() - position);
            tail.getChars(position, position + count, target, offset);
            position += count;
            return count == 0 ? -1 : count;
        }

        @Override
        public void close() throws IOException {
            reader.close();
        }
    }
}
