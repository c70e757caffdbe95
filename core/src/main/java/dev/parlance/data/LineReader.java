package dev.parlance.data;

import dev.parlance.config.UserError;
import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/** Physical lines, ended by LF, CR LF or CR alone, of bounded length. */
final class LineReader {
    private final Reader reader;
    private final String name;
    private final long maxChars;
    private final char[] buffer = new char[1 << 14];
    private int position;
    private int limit;
    private long line;
    private boolean skipLineFeed;

    LineReader(Reader reader, String name, long maxChars) {
        this.reader = reader;
        this.name = name;
        this.maxChars = maxChars;
    }

    /** The next line without its end, or null after the last. */
    @Nullable
    String next() throws IOException {
        StringBuilder text = null;
        while (true) {
            if (position == limit && !fill()) {
                return text == null ? null : text.toString();
            }
            if (skipLineFeed) {
                skipLineFeed = false;
                position += buffer[position] == '\n' ? 1 : 0;
                continue;
            }
            if (text == null) {
                text = new StringBuilder();
                line++;
            }
            int end = lineEnd();
            append(text, end);
            if (end < limit) {
                skipLineFeed = buffer[end] == '\r';
                position = end + 1;
                return text.toString();
            }
            position = end;
        }
    }

    /** Number of the line that {@link #next} gave last, from 1. */
    long line() {
        return line;
    }

    private int lineEnd() {
        int end = position;
        while (end < limit && buffer[end] != '\n' && buffer[end] != '\r') {
            end++;
        }
        return end;
    }

    private void append(StringBuilder text, int end) {
        if (text.length() + (long) end - position > maxChars) {
            throw new UserError(
                    name + " line " + line + ": found a line of more than " + maxChars
                            + " characters, expected shorter ones; check the line ends and the format, or raise data.max_line_chars");
        }
        text.append(buffer, position, end - position);
    }

    private boolean fill() throws IOException {
        position = 0;
        limit = Math.max(0, reader.read(buffer, 0, buffer.length));
        return limit > 0;
    }
}
