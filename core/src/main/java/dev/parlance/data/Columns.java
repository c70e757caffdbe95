package dev.parlance.data;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which columns of a file are read, and how that was decided.
 *
 * @param text the column of the text
 * @param textPair the column of the second text of a pair, or null
 * @param label the column of the label, or null
 * @param how one sentence a column for the user: what was chosen, by which rule, and what else would have been plausible
 */
public record Columns(
        Column text, @Nullable Column textPair, @Nullable Column label, List<String> how) {
    public Columns {
        how = List.copyOf(how);
    }

    /**
     * A column of a file.
     *
     * @param name its name in the header or the JSON key; null in a file without header
     * @param index position from 0
     */
    public record Column(@Nullable String name, int index) {
        /** The quoted name, or the index where there is no name. */
        @Override
        public String toString() {
            return name == null ? "column " + index : "'" + name + "'";
        }

        /** How an option names this column: its name, or else its index. */
        public String option() {
            return name == null ? Integer.toString(index) : name;
        }
    }
}
