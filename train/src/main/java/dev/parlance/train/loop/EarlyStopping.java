package dev.parlance.train.loop;

import dev.parlance.config.TrainingArguments;
import org.jspecify.annotations.Nullable;

/**
 * Ends a run that no longer gets better, as transformers' {@code EarlyStoppingCallback} does: after so many measurements in
 * a row of which none was better than the best before it by more than a threshold.
 */
final class EarlyStopping {
    private final int patience;
    private final double threshold;
    private int withoutGain;

    EarlyStopping(TrainingArguments arguments) {
        this.patience = arguments.earlyStoppingPatience();
        this.threshold = arguments.earlyStoppingThreshold();
    }

    /** Hears of a score, larger is better, and of the best one before it. */
    void observe(double score, @Nullable Double best) {
        boolean gain = best == null || (score > best && score - best > threshold);
        withoutGain = gain ? 0 : withoutGain + 1;
    }

    boolean exhausted() {
        return patience > 0 && withoutGain >= patience;
    }

    /** Measurements in a row without a gain. */
    int withoutGain() {
        return withoutGain;
    }

    void restore(int measurementsWithoutGain) {
        withoutGain = measurementsWithoutGain;
    }
}
