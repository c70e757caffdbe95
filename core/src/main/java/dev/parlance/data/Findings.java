package dev.parlance.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts what is found while a file is read; keeps only the first line numbers of each kind. */
final class Findings {
    private static final int SAMPLE_LINES = 5;

    private final Map<String, Counter> counters = new LinkedHashMap<>();

    /** A decision that applies to the whole file. */
    void note(String kind, String message) {
        counters.putIfAbsent(kind, new Counter(false, message));
        counters.get(kind).count = 1;
    }

    /** A condition of the whole file that may harm. */
    void warn(String kind, String message) {
        counters.putIfAbsent(kind, new Counter(true, message));
        counters.get(kind).count = 1;
    }

    void count(String kind, String message, long line) {
        Counter counter = counters.computeIfAbsent(kind, k -> new Counter(true, message));
        counter.count++;
        if (counter.lines.size() < SAMPLE_LINES) {
            counter.lines.add(line);
        }
    }

    List<Finding> toList() {
        List<Finding> all = new ArrayList<>();
        counters.forEach((kind, counter) ->
                all.add(new Finding(kind, counter.warning, counter.message, counter.count, counter.lines)));
        return List.copyOf(all);
    }

    private static final class Counter {
        final boolean warning;
        final String message;
        final List<Long> lines = new ArrayList<>();
        long count;

        Counter(boolean warning, String message) {
            this.warning = warning;
            this.message = message;
        }
    }
}
