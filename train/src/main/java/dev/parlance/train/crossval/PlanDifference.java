package dev.parlance.train.crossval;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What differs between two trees of settings, for a person. */
public final class PlanDifference {
    private static final int SHOWN = 3;

    private PlanDifference() {}

    /** Up to three differences such as {@code training.seed was 1 and is 2}; empty if there is none. */
    public static String of(JsonNode before, JsonNode now) {
        List<String> differences = new ArrayList<>();
        collect("", before, now, differences);
        return String.join(", ", differences.subList(0, Math.min(SHOWN, differences.size())))
                + (differences.size() > SHOWN ? " and " + (differences.size() - SHOWN) + " more" : "");
    }

    private static void collect(String path, JsonNode before, JsonNode now, List<String> differences) {
        if (before.isObject() && now.isObject()) {
            Set<String> keys = new LinkedHashSet<>();
            before.properties().stream().map(Map.Entry::getKey).forEach(keys::add);
            now.properties().stream().map(Map.Entry::getKey).forEach(keys::add);
            for (String key : keys) {
                collect(path.isEmpty() ? key : path + "." + key, before.path(key), now.path(key), differences);
            }
        } else if (!before.asText().equals(now.asText()) || before.size() != now.size()) {
            differences.add(path + " was " + text(before) + " and is " + text(now));
        } else {
            for (int i = 0; i < before.size(); i++) {
                collect(path + "[" + i + "]", before.path(i), now.path(i), differences);
            }
        }
    }

    private static String text(JsonNode node) {
        return node.isMissingNode() ? "not there" : node.toString();
    }
}
