package dev.parlance.train.search;

import org.jspecify.annotations.Nullable;

/**
 * A line that the process of a trial writes.
 *
 * @param epoch passes over the training data before a measurement; null in the last line
 * @param score what was measured; in the last line that of the kept checkpoint
 * @param error why it failed, in the last line of a trial that did
 */
record TrialMessage(
        @Nullable Double epoch,
        @Nullable Double score,
        @Nullable String error) {
    static TrialMessage evaluation(double epoch, double score) {
        return new TrialMessage(epoch, score, null);
    }

    static TrialMessage done(double score) {
        return new TrialMessage(null, score, null);
    }

    static TrialMessage failed(String error) {
        return new TrialMessage(null, null, error);
    }
}
