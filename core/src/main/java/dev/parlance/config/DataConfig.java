package dev.parlance.config;

import org.jspecify.annotations.Nullable;

/**
 * Where the examples are and how to read them.
 *
 * @param train file to train on, or to split when no other file is given; null where a command takes its data elsewhere
 * @param validation file to choose the best checkpoint by; null splits it off the training file
 * @param test file to measure the chosen checkpoint on; null splits it off the training file, unless {@code validation} is set
 * @param textColumn column of the text by name or by index from 0; null detects it
 * @param textPairColumn column of the second text of a pair; null means none
 * @param labelColumn column of the label by name or by index from 0; null detects it
 * @param format {@code csv}, {@code tsv} or {@code jsonl}; null goes by the file's name
 * @param quoting {@code auto}, {@code quoted} (RFC 4180) or {@code raw} (quotes are plain characters)
 * @param delimiter one character; null goes by the format
 * @param encoding character set of the files
 * @param header {@code auto}, {@code yes} or {@code no}: whether the first row names the columns
 * @param validationFraction share of the rows split off for validation, in [0, 1)
 * @param testFraction share of the rows split off for test, in [0, 1)
 * @param splitSeed seed of the stratified split
 * @param badRows {@code refuse} (the first row that does not fit ends the reading) or {@code skip} (left out and counted)
 * @param maxLineChars longest accepted field, in chars
 * @param maxRows most rows that are held in memory; streaming has no such limit
 * @param maxLabels most different labels
 * @param maxUnpackedBytes most bytes that a gzip file may unpack to
 */
public record DataConfig(
        @Nullable String train,
        @Nullable String validation,
        @Nullable String test,
        @Nullable String textColumn,
        @Nullable String textPairColumn,
        @Nullable String labelColumn,
        @Nullable String format,
        String quoting,
        @Nullable Character delimiter,
        String encoding,
        String header,
        double validationFraction,
        double testFraction,
        long splitSeed,
        String badRows,
        int maxLineChars,
        int maxRows,
        int maxLabels,
        long maxUnpackedBytes) {
    /** Everything detected, a tenth for validation and a tenth for test, limits that fit a machine with 8 GB. */
    public static DataConfig defaults() {
        return new DataConfig(
                null, null, null, null, null, null, null, "auto", null, "UTF-8", "auto", 0.1, 0.1, 42, "refuse",
                100_000, 5_000_000, 2_000, 8L << 30);
    }

    /** A copy that reads these columns, each by name or index. */
    public DataConfig withColumns(@Nullable String newText, @Nullable String newTextPair, @Nullable String newLabel) {
        return new DataConfig(
                train,
                validation,
                test,
                newText,
                newTextPair,
                newLabel,
                format,
                quoting,
                delimiter,
                encoding,
                header,
                validationFraction,
                testFraction,
                splitSeed,
                badRows,
                maxLineChars,
                maxRows,
                maxLabels,
                maxUnpackedBytes);
    }

    public DataConfig {
        Check.oneOf("data.quoting", quoting, "auto", "quoted", "raw");
        Check.oneOf("data.header", header, "auto", "yes", "no");
        if (format != null) {
            Check.oneOf("data.format", format, "csv", "tsv", "jsonl");
        }
        Check.range("data.validation_fraction", validationFraction, 0, 0.9);
        Check.range("data.test_fraction", testFraction, 0, 0.9);
        if (validation == null && test == null && validationFraction + testFraction > 0.95) {
            throw new UserError(
                    "data.validation_fraction and data.test_fraction add up to " + (validationFraction + testFraction)
                            + ", expected at most 0.95, so that something is left to train on");
        }
        Check.oneOf("data.bad_rows", badRows, "refuse", "skip");
        Check.range("data.max_line_chars", maxLineChars, 1, Integer.MAX_VALUE);
        Check.range("data.max_rows", maxRows, 1, Integer.MAX_VALUE);
        Check.range("data.max_labels", maxLabels, 2, 1_000_000);
        Check.range("data.max_unpacked_bytes", maxUnpackedBytes, 1, Long.MAX_VALUE);
    }
}
