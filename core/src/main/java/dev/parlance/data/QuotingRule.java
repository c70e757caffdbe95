package dev.parlance.data;

import java.util.ArrayList;
import java.util.List;

/**
 * Decides from the start of a file whether quotes protect fields. They do if at least one field is quoted the way RFC 4180
 * requires (a doubled quote, a delimiter or a line end inside; or every field of every row is quoted) and no field breaks
 * its rules. Otherwise quotes are plain characters.
 */
final class QuotingRule {
    private QuotingRule() {}

    /** Whether {@code sample} follows the quoting rules and needs them; a row cut off at its end is not judged. */
    static boolean isQuoted(String sample, char delimiter, boolean complete) {
        boolean needed = false;
        int fields = 0;
        int quoted = 0;
        int position = 0;
        while (position < sample.length()) {
            if (sample.charAt(position) == '"') {
                int end = closing(sample, position);
                if (end < 0) {
                    return !complete && needed;
                }
                if (end + 1 < sample.length() && !isEnd(sample.charAt(end + 1), delimiter)) {
                    return false;
                }
                needed |= needsQuotes(sample.substring(position + 1, end), delimiter);
                quoted++;
                position = end + 1;
            } else {
                while (position < sample.length() && !isEnd(sample.charAt(position), delimiter)) {
                    position++;
                }
            }
            fields++;
            position = skipEnd(sample, position);
        }
        return needed || (fields > 0 && quoted == fields);
    }

    /** Whether one field, cut without regard to quotes, is quoted and could not be written without quotes. */
    static boolean needsQuotedReading(String field) {
        return field.length() > 2
                && field.startsWith("\"")
                && closing(field, 0) == field.length() - 1
                && field.substring(1, field.length() - 1).contains("\"\"");
    }

    /** The first line split at the delimiter outside quotes, for counting columns. */
    static List<String> split(String line, char delimiter) {
        List<String> fields = new ArrayList<>();
        boolean open = false;
        int start = 0;
        for (int i = 0; i < line.length(); i++) {
            if (line.charAt(i) == '"') {
                open = !open;
            } else if (line.charAt(i) == delimiter && !open) {
                fields.add(line.substring(start, i));
                start = i + 1;
            }
        }
        fields.add(line.substring(start));
        return fields;
    }

    private static boolean needsQuotes(String content, char delimiter) {
        return content.indexOf('"') >= 0
                || content.indexOf(delimiter) >= 0
                || content.indexOf('\n') >= 0
                || content.indexOf('\r') >= 0;
    }

    /** Index of the quote that closes the one at {@code open}, or -1. */
    private static int closing(String text, int open) {
        int quote = text.indexOf('"', open + 1);
        while (quote >= 0 && quote + 1 < text.length() && text.charAt(quote + 1) == '"') {
            quote = text.indexOf('"', quote + 2);
        }
        return quote;
    }

    private static int skipEnd(String text, int position) {
        boolean pair =
                position + 1 < text.length() && text.charAt(position) == '\r' && text.charAt(position + 1) == '\n';
        return position + (pair ? 2 : 1);
    }

    private static boolean isEnd(char c, char delimiter) {
        return c == delimiter || c == '\n' || c == '\r';
    }
}
