package dev.parlance.config;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a training run leaves behind beside the model: a directory {@code runs/<id>} with its settings, its curves and its
 * scores.
 *
 * @param runsDir directory of the runs; {@code auto} is what the environment variable {@code PARLANCE_RUNS} says, else
 *     {@code runs} in the working directory
 * @param reportTo {@code all} (metrics.jsonl and TensorBoard's event files; {@code tensorboard} says the same), {@code
 *     jsonl} (no event files) or {@code none} (no directory at all)
 * @param runName what the run's id ends with; null takes the name of the output directory
 * @param histogramSteps steps between two histograms of gradients and weights, the first step included; 0 makes none
 * @param wrongPredictions most texts of the validation data that are kept with their wrong prediction; 0 keeps none
 */
public record TrackingConfig(
        String runsDir, String reportTo, @Nullable String runName, int histogramSteps, int wrongPredictions) {
    /** The environment variable that moves {@code auto}. */
    public static final String ENVIRONMENT_VARIABLE = "PARLANCE_RUNS";

    /** Everything is recorded below {@code runs}. */
    public static TrackingConfig defaults() {
        return new TrackingConfig("auto", "all", null, 500, 100);
    }

    public TrackingConfig {
        if (runsDir.isBlank()) {
            throw new UserError("tracking.runs_dir is empty, expected a directory or auto");
        }
        reportTo = reportTo.equals("tensorboard") ? "all" : reportTo;
        Check.oneOf("tracking.report_to", reportTo, "all", "jsonl", "none");
        if (runName != null && runName.isBlank()) {
            throw new UserError("tracking.run_name is empty, expected a name; leave it out to take that of the output");
        }
        Check.range("tracking.histogram_steps", histogramSteps, 0, Integer.MAX_VALUE);
        Check.range("tracking.wrong_predictions", wrongPredictions, 0, 100_000);
    }

    /** Whether a run leaves a directory behind. */
    public boolean enabled() {
        return !reportTo.equals("none");
    }

    /** Whether TensorBoard's event files are written. */
    public boolean eventFiles() {
        return reportTo.equals("all");
    }

    /** The directory of the runs; it need not exist. */
    public Path directory(Map<String, String> environment) {
        if (!runsDir.equals("auto")) {
            return Path.of(runsDir);
        }
        String told = environment.getOrDefault(ENVIRONMENT_VARIABLE, "");
        return Path.of(told.isBlank() ? "runs" : told);
    }
}
