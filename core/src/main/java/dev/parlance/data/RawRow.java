package dev.parlance.data;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row before its columns are known.
 *
 * @param line physical line on which it starts, from 1
 * @param cells values by column; null where a JSON object lacks the key or has null for it; may be shorter than the header
 * @param nested columns whose JSON value is an object or an array; the cell is a description of it
 * @param literals columns whose JSON value is a number or a boolean
 * @param problem why the row cannot be used, or null
 * @param blank whether the line, or each of its fields, is empty; a JSON object never is
 */
record RawRow(
        long line,
        List<@Nullable String> cells,
        BitSet nested,
        BitSet literals,
        @Nullable String problem,
        boolean blank) {
    private static final BitSet NONE = new BitSet();

    static RawRow of(long line, List<String> cells) {
        boolean blank = cells.stream().allMatch(String::isBlank);
        return new RawRow(line, new ArrayList<@Nullable String>(cells), NONE, NONE, null, blank);
    }

    static RawRow bad(long line, String problem) {
        return new RawRow(line, List.of(), NONE, NONE, problem, false);
    }

    /** The value of a column, or null if the row has none. */
    @Nullable
    String cell(int column) {
        return column < cells.size() ? cells.get(column) : null;
    }
}
