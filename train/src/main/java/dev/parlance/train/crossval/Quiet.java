package dev.parlance.train.crossval;

import dev.parlance.config.RunConfig;

/** Settings of a run that is one of many: it leaves nothing behind but its scores. */
public final class Quiet {
    private Quiet() {}

    /** Without checkpoints and without a record of its own. */
    public static RunConfig of(RunConfig config) {
        return config.with("training.save_strategy", "no")
                .with("training.save_steps", 0)
                .with("tracking.report_to", "none");
    }
}
