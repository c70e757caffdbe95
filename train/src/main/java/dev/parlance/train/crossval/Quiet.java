package dev.parlance.train.crossval;

import dev.parlance.config.ConfigFiles;
import dev.parlance.config.RunConfig;

/** Settings of a run that is one of many: it leaves nothing behind but its scores. */
public final class Quiet {
    private Quiet() {}

    /** Without checkpoints, and without a record of its own where there is a setting for that. */
    public static RunConfig of(RunConfig config) {
        RunConfig quiet = config.with("training.save_strategy", "no").with("training.save_steps", 0);
        return ConfigFiles.toTree(config).path("tracking").has("report_to")
                ? quiet.with("tracking.report_to", "none")
                : quiet;
    }
}
