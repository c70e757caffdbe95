package dev.parlance.data;

import dev.parlance.config.DataConfig;
import dev.parlance.config.UserError;
import java.util.List;
import java.util.Locale;

/**
 * How the characters of a file are cut into rows and fields.
 *
 * @param format {@code csv}, {@code tsv} or {@code jsonl}
 * @param quoted whether quotes protect fields
 * @param delimiter between fields; meaningless for JSONL
 * @param autoQuoting whether {@code quoted} was decided here rather than asked for
 */
record Layout(String format, boolean quoted, char delimiter, boolean autoQuoting) {
    private static final String OTHER_DELIMITERS = ";\t|";
    private static final int LINES_FOR_DELIMITER = 10;

    /** @param sample the start of the file; {@code complete} if it is the whole of it */
    static Layout detect(DataConfig config, String name, String sample, boolean complete, Findings findings) {
        String format = config.format() != null ? config.format() : format(name, sample, findings);
        if (format.equals("jsonl")) {
            return new Layout(format, false, ',', false);
        }
        char delimiter = delimiter(config, format, sample, findings);
        boolean auto = config.quoting().equals("auto");
        if (!auto) {
            return new Layout(format, config.quoting().equals("quoted"), delimiter, false);
        }
        boolean quoted = format.equals("csv") || QuotingRule.isQuoted(sample, delimiter, complete);
        if (format.equals("tsv") && sample.indexOf('"') >= 0) {
            findings.note(
                    "quoting",
                    quoted
                            ? "TSV with quoted fields (they hold doubled quotes, tabs or line ends, or all are quoted); set"
                                    + " data.quoting=raw to keep quotes as they are"
                            : "TSV without quoting: quotes are kept as plain characters; set data.quoting=quoted otherwise");
        }
        return new Layout(format, quoted, delimiter, true);
    }

    private static String format(String name, String sample, Findings findings) {
        String lower = name.toLowerCase(Locale.ROOT).replaceFirst("\\.gz$", "");
        if (lower.endsWith(".csv")) {
            return "csv";
        }
        if (lower.endsWith(".tsv") || lower.endsWith(".tab")) {
            return "tsv";
        }
        if (lower.endsWith(".jsonl") || lower.endsWith(".ndjson") || lower.endsWith(".json")) {
            return "jsonl";
        }
        String firstLine = sample.strip().lines().findFirst().orElse("");
        String format = guess(firstLine);
        findings.note(
                "format",
                "the name tells no format; read as "
                        + (format.equals("tsv") && firstLine.indexOf('\t') < 0 ? "one text a line" : format)
                        + " by its first line; set data.format otherwise");
        return format;
    }

    private static String guess(String firstLine) {
        if (firstLine.startsWith("{")) {
            return "jsonl";
        }
        boolean header = QuotingRule.split(firstLine, ',').stream().anyMatch(ColumnNames::isKnown);
        return firstLine.indexOf('\t') < 0 && firstLine.indexOf(',') >= 0 && header ? "csv" : "tsv";
    }

    private static char delimiter(DataConfig config, String format, String sample, Findings findings) {
        Character asked = config.delimiter();
        if (asked != null) {
            if (asked == '"' || asked == '\n' || asked == '\r') {
                throw new UserError("data.delimiter is a quote or a line end, expected a character such as , or ;");
            }
            return asked;
        }
        if (format.equals("tsv")) {
            return '\t';
        }
        List<String> lines = sample.lines()
                .filter(line -> !line.isBlank())
                .limit(LINES_FOR_DELIMITER)
                .toList();
        if (lines.isEmpty() || QuotingRule.split(lines.get(0), ',').size() > 1) {
            return ',';
        }
        for (int i = 0; i < OTHER_DELIMITERS.length(); i++) {
            char candidate = OTHER_DELIMITERS.charAt(i);
            int width = QuotingRule.split(lines.get(0), candidate).size();
            if (width > 1
                    && lines.stream()
                            .allMatch(line -> QuotingRule.split(line, candidate).size() == width)) {
                findings.note(
                        "delimiter",
                        "the first line has no comma; fields are cut at '" + (candidate == '\t' ? "\\t" : candidate)
                                + "'; set data.delimiter otherwise");
                return candidate;
            }
        }
        return ',';
    }
}
