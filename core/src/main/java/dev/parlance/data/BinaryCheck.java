package dev.parlance.data;

import dev.parlance.config.UserError;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Refuses files that are not text, by the first bytes: well-known formats by name, UTF-16 and others by their NULs. */
final class BinaryCheck {
    private static final Map<String, String> SIGNATURES = new LinkedHashMap<>();

    static {
        SIGNATURES.put("PK\u0003\u0004", "an Excel (.xlsx) or zip file; export the sheet as CSV (UTF-8), or unpack it");
        SIGNATURES.put("\u00d0\u00cf\u0011\u00e0", "an old Excel (.xls) or Word file; export the sheet as CSV (UTF-8)");
        SIGNATURES.put("PAR1", "a Parquet file; export it as CSV or JSONL");
        SIGNATURES.put("ARROW1", "an Arrow file; export it as CSV or JSONL");
        SIGNATURES.put("%PDF", "a PDF file; extract its text first");
        SIGNATURES.put("SQLite format 3", "an SQLite database; export a table as CSV");
        SIGNATURES.put("BZh", "a bzip2 file; unpack it, or pack it with gzip");
        SIGNATURES.put("\u00fd7zXZ", "an xz file; unpack it, or pack it with gzip");
        SIGNATURES.put("(\u00b5/\u00fd", "a Zstandard file; unpack it, or pack it with gzip");
        SIGNATURES.put("\u001f\u008b", "a gzip file inside a gzip file; unpack it once");
    }

    private BinaryCheck() {}

    static void refuse(String name, byte[] start, Charset charset) {
        String latin = new String(start, StandardCharsets.ISO_8859_1);
        SIGNATURES.forEach((signature, what) -> {
            if (latin.startsWith(signature)) {
                throw new UserError(name + ": found " + what + "; expected CSV, TSV or JSONL");
            }
        });
        if (charset.name().startsWith("UTF-16") || charset.name().startsWith("UTF-32")) {
            return;
        }
        int[] nuls = new int[2];
        for (int i = 0; i < start.length; i++) {
            nuls[i % 2] += start[i] == 0 ? 1 : 0;
        }
        int half = Math.max(1, start.length / 2);
        if (nuls[1] > 0.3 * half && nuls[0] <= 0.05 * half) {
            throw utf16(name, "UTF-16LE");
        }
        if (nuls[0] > 0.3 * half && nuls[1] <= 0.05 * half) {
            throw utf16(name, "UTF-16BE");
        }
        if (nuls[0] + nuls[1] > 0.1 * start.length) {
            throw new UserError(name + ": found a binary file (" + (nuls[0] + nuls[1]) + " NUL bytes in the first "
                    + start.length + "), expected text as CSV, TSV or JSONL");
        }
    }

    private static UserError utf16(String name, String charset) {
        return new UserError(name + ": found what looks like " + charset + " without a byte-order mark, expected "
                + "UTF-8; set data.encoding to " + charset);
    }
}
