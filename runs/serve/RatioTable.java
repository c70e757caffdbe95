import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Throughput of every target and way, over the rounds: medians, the best way of each, and how they compare. */
final class RatioTable {
    /** By data, target and way. */
    private final Map<String, Map<String, Map<String, List<Double>>>> values = new LinkedHashMap<>();

    void add(String target, String data, String way, double perSecond) {
        values.computeIfAbsent(data, key -> new LinkedHashMap<>())
                .computeIfAbsent(target, key -> new LinkedHashMap<>())
                .computeIfAbsent(way, key -> new ArrayList<>())
                .add(perSecond);
    }

    /** The median of the way that is fastest, but for fixed rates; 0 if there is none. */
    double best(String target, String data) {
        return values.getOrDefault(data, Map.of()).getOrDefault(target, Map.of()).entrySet().stream()
                .filter(way -> !way.getKey().equals("open"))
                .mapToDouble(way -> median(way.getValue()))
                .max()
                .orElse(0);
    }

    /** Adds {@code saturation} and {@code ratios}: each Parlance target over every other of the same data. */
    void summarize(ObjectNode record) {
        values.forEach((data, targets) -> targets.keySet().forEach(target -> record.withObject("/saturation/" + data)
                .put(target, LoadResult.round(best(target, data)))));
        values.forEach((data, targets) -> {
            for (String own : targets.keySet()) {
                for (String other : targets.keySet()) {
                    if (own.startsWith("parlance")
                            && !own.equals(other)
                            && best(other, data) > 0
                            && comparable(own, other)) {
                        record.withObject("/ratios/" + data)
                                .put(own + " / " + other, LoadResult.round(best(own, data) / best(other, data)));
                    }
                }
            }
        });
    }

    /** Raw loops are compared with the server of the same precision. */
    private static boolean comparable(String own, String other) {
        return !other.startsWith("raw-") || other.contains("int8") == own.contains("int8");
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }
}
