package dev.parlance.track;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Runs side by side: the settings in which they differ, and their scores.
 *
 * @param ids of the runs
 * @param settings by name, a text for each run; {@code -} where a run has no such setting
 * @param scores by name, a number for each run; NaN where a run has no such score
 */
public record RunComparison(List<String> ids, Map<String, List<String>> settings, Map<String, List<Double>> scores) {
    /** Stands for a setting that a run lacks. */
    public static final String NONE = "-";

    public RunComparison {
        ids = List.copyOf(ids);
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        scores = Collections.unmodifiableMap(new LinkedHashMap<>(scores));
    }

    /** Compares runs in the given order. */
    public static RunComparison of(List<TrackedRun> runs) {
        List<Map<String, String>> settings =
                runs.stream().map(TrackedRun::settings).toList();
        List<Map<String, Double>> scores = runs.stream().map(RunValues::scores).toList();
        Map<String, List<String>> differing = rows(settings, NONE);
        differing.values().removeIf(row -> row.stream().distinct().count() < 2);
        return new RunComparison(runs.stream().map(TrackedRun::id).toList(), differing, rows(scores, Double.NaN));
    }

    private static <T> Map<String, List<T>> rows(List<Map<String, T>> columns, T none) {
        Set<String> names = new LinkedHashSet<>();
        columns.forEach(column -> names.addAll(column.keySet()));
        Map<String, List<T>> rows = new LinkedHashMap<>();
        for (String name : names) {
            List<T> row = new ArrayList<>();
            columns.forEach(column -> row.add(column.getOrDefault(name, none)));
            rows.put(name, row);
        }
        return rows;
    }
}
