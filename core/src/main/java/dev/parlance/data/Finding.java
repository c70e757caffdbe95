package dev.parlance.data;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Something about a file that the user should know: what was decided, what was repaired, what was left out.
 *
 * @param kind stable name for programs, for example {@code blank_lines}
 * @param warning whether it may harm the result; otherwise it only tells a decision
 * @param message what was found and what was done, without the count
 * @param count how often, at least 1
 * @param lines the first few physical line numbers, from 1; empty where lines do not apply
 */
public record Finding(String kind, boolean warning, String message, long count, List<Long> lines) {
    public Finding {
        lines = List.copyOf(lines);
    }

    /** One line for a person: {@code 3 x blank line skipped (lines 4, 9, 11)}. */
    @Override
    public String toString() {
        String times = count == 1 ? "" : count + " x ";
        if (lines.isEmpty()) {
            return times + message;
        }
        String numbers = lines.stream().map(String::valueOf).collect(Collectors.joining(", "));
        return times + message + " (" + (lines.size() == 1 ? "line " : "lines ") + numbers
                + (count > lines.size() ? ", ..." : "") + ")";
    }
}
