package dev.parlance.bundle;

import dev.parlance.linear.WeightedFeature;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What a linear model looks at, for its card: the words and parts of words that speak most for each label. */
final class CardFeatures {
    private static final int LABELS = 30;
    private static final int FEATURES = 8;

    private final Map<String, List<WeightedFeature>> features;

    CardFeatures(Map<String, List<WeightedFeature>> features) {
        this.features = features;
    }

    /** The section; empty for a model that cannot tell. */
    List<String> lines() {
        if (features.isEmpty()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>(List.of(
                "",
                "## What it looks at",
                "",
                "| label | words that speak most for it | parts of words |",
                "|---|---|---|"));
        features.entrySet().stream()
                .limit(LABELS)
                .forEach(label -> lines.add("| " + Markdown.escape(label.getKey()) + " | "
                        + of(label.getValue(), "word") + " | " + of(label.getValue(), "char") + " |"));
        lines.add("");
        lines.add("A space within the quotes is the edge of a word. More, with weights, is in `top_features.json`.");
        return lines;
    }

    private static String of(List<WeightedFeature> features, String kind) {
        return features.stream()
                .filter(feature -> feature.kind().equals(kind))
                .limit(FEATURES)
                .map(feature -> Markdown.escape("\"" + feature.text() + "\""))
                .collect(Collectors.joining(", "));
    }
}
