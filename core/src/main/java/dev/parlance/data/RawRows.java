package dev.parlance.data;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of one format in the order of the file, one at a time. Blank lines come as rows without cells. */
sealed interface RawRows permits QuotedRows, PlainRows, JsonRows {
    /** Most columns of a row. */
    int MAX_COLUMNS = 16_384;

    /** A record may hold several long fields, and JSON may escape a char as six; its length is bounded by this factor. */
    int RECORD_FACTOR = 16;

    /** The next row, or null after the last. */
    @Nullable
    RawRow next() throws IOException;

    /** The JSON keys seen so far, in the order of their columns; empty for formats that have a header row instead. */
    List<String> keys();
}
