package dev.parlance.train.loop;

import dev.parlance.config.RunConfig;
import dev.parlance.metric.Report;
import dev.parlance.train.profile.Profile;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A finished run.
 *
 * @param bundle directory of the saved model
 * @param config the settings as they were resolved
 * @param validation scores of the kept checkpoint on the validation data
 * @param test scores of the kept checkpoint on the test data, or null if there is none
 * @param bestStep step of the kept checkpoint
 * @param steps steps that were done; fewer than planned if the run was stopped
 * @param stopped whether it ended before its time because the caller wanted it
 * @param unfinished directory of the checkpoints to go on from if the run was stopped; null if it is finished, or saves none
 * @param trainSeconds seconds spent in training steps, evaluations not counted
 * @param tokensPerSecond real tokens a second over all training steps
 * @param gigaFlopsPerSecond model FLOPs a second in 10^9: what the mathematics needs for real tokens, padding not counted
 * @param profile where the time of the profiled steps went; null if none were
 */
public record TrainingResult(
        Path bundle,
        RunConfig config,
        Report validation,
        @Nullable Report test,
        long bestStep,
        long steps,
        boolean stopped,
        @Nullable Path unfinished,
        double trainSeconds,
        double tokensPerSecond,
        double gigaFlopsPerSecond,
        @Nullable Profile profile) {
    /** The scores that speak for the model: those on the test data if there is any, else those on the validation data. */
    public Report report() {
        return test == null ? validation : test;
    }
}
