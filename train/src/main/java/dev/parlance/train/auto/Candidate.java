package dev.parlance.train.auto;

import dev.parlance.bundle.ModelBundle;
import dev.parlance.bundle.Selection;
import dev.parlance.metric.Report;
import java.util.Map;

/**
 * A model that was trained to be compared.
 *
 * @param name for people, and of its directory
 * @param bundle the saved model
 * @param settings those that were chosen for it, by their names in a run file
 * @param validation its scores
 * @param probabilities {@code [examples][labels]} for the validation data; not copied, treat as read-only
 * @param seconds that it took, with reading, measuring and saving
 */
public record Candidate(
        String name,
        ModelBundle bundle,
        Map<String, String> settings,
        Report validation,
        double[][] probabilities,
        double seconds) {
    /** What it started from: a model's name, or {@code linear}. */
    public String model() {
        return bundle.run()
                .map(run -> run.model().modelNameOrPath())
                .orElseThrow(() -> new IllegalStateException(bundle.directory() + " has no run.yaml"));
    }

    Candidate took(double newSeconds) {
        return new Candidate(name, bundle, settings, validation, probabilities, newSeconds);
    }

    Selection.Candidate toSelection(double weight) {
        return new Selection.Candidate(name, model(), settings, validation.metrics(), seconds, weight);
    }
}
