package dev.parlance.track;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.Spelling;
import dev.parlance.config.UserError;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The curves of a run, by their names in {@code metrics.jsonl}: {@code loss}, {@code eval_loss}, {@code eval_accuracy}...
 *
 * @param all in the order in which they first occur
 * @param damagedLines complete lines that could not be read and are left out
 */
public record Metrics(Map<String, Series> all, long damagedLines) {
    /** Most different names; what comes after is left out. */
    private static final int MAX_NAMES = 1000;

    /** What every line has, and no curve. */
    private static final Set<String> NO_CURVE = Set.of("step", "epoch", "wall_time");

    public Metrics {
        all = Collections.unmodifiableMap(new LinkedHashMap<>(all));
    }

    /**
     * Reads a file, or nothing if there is none. The last line is left out if it is incomplete.
     *
     * @param maxPoints a curve with twice as many points or more is thinned out to between so many and twice as many
     */
    public static Metrics read(Path file, int maxPoints) {
        MetricsTail tail = new MetricsTail(file);
        Map<String, SeriesBuilder> builders = new LinkedHashMap<>();
        tail.poll(line -> add(line, builders, maxPoints));
        Map<String, Series> all = new LinkedHashMap<>();
        builders.forEach((name, builder) -> all.put(name, builder.build(name)));
        return new Metrics(all, tail.damagedLines());
    }

    private static void add(ObjectNode line, Map<String, SeriesBuilder> builders, int maxPoints) {
        if (!line.path("step").isNumber()) {
            return;
        }
        double step = line.path("step").doubleValue();
        line.properties().forEach(entry -> {
            String name = entry.getKey();
            boolean room = builders.size() < MAX_NAMES || builders.containsKey(name);
            if (entry.getValue().isNumber() && !NO_CURVE.contains(name) && room) {
                builders.computeIfAbsent(name, k -> new SeriesBuilder(maxPoints))
                        .add(step, entry.getValue().doubleValue());
            }
        });
    }

    /**
     * The curve of that name.
     *
     * @throws UserError if there is none
     */
    public Series series(String name) {
        Series series = all.get(name);
        if (series == null) {
            throw new UserError("the run has no curve '" + name + "'"
                    + Spelling.nearest(name, all.keySet())
                            .map(near -> "; did you mean " + near + "?")
                            .orElse(
                                    all.isEmpty()
                                            ? ": nothing was measured yet"
                                            : ", expected one of " + String.join(", ", all.keySet())));
        }
        return series;
    }
}
