package dev.parlance.bundle;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How a model was chosen among several, for its card. */
final class CardSelection {
    private final @Nullable Selection selection;

    CardSelection(@Nullable Selection selection) {
        this.selection = selection;
    }

    /** The section; empty for a model that was not chosen among several. */
    List<String> lines() {
        if (selection == null) {
            return List.of();
        }
        List<String> lines = new ArrayList<>(List.of(
                "",
                "## How it was chosen",
                "",
                String.format(
                        Locale.ROOT,
                        "By %s on the validation data, within %s; the test data was used once, for the model that was chosen.",
                        selection.metric(),
                        minutes(selection.timeBudgetSeconds())),
                "",
                "| candidate | settings | accuracy | " + selection.metric() + " | time | share in the answer |",
                "|---|---|---:|---:|---:|---:|"));
        selection.candidates().forEach(candidate -> lines.add(row(selection.metric(), candidate)));
        lines.add("");
        selection.choices().forEach(choice -> lines.add("- " + Markdown.escape(choice)));
        lines.add("");
        lines.add("The same for programs is in `selection.json`.");
        return lines;
    }

    private static String row(String metric, Selection.Candidate candidate) {
        String settings = candidate.settings().entrySet().stream()
                .map(setting -> setting.getKey().substring(setting.getKey().indexOf('.') + 1) + " "
                        + Markdown.escape(setting.getValue()))
                .collect(Collectors.joining(", "));
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s | %s | %s | %.2f |",
                Markdown.escape(candidate.name()),
                settings,
                share(candidate.metrics(), "accuracy"),
                share(candidate.metrics(), metric),
                minutes(candidate.seconds()),
                candidate.weight());
    }

    private static String share(Map<String, Double> metrics, String name) {
        Double value = metrics.get(name);
        return value == null ? "" : String.format(Locale.ROOT, "%.4f", value);
    }

    private static String minutes(double seconds) {
        return seconds < 120
                ? String.format(Locale.ROOT, "%.0f seconds", seconds)
                : String.format(Locale.ROOT, "%.1f minutes", seconds / 60);
    }
}
