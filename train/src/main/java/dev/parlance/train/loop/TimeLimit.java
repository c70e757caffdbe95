package dev.parlance.train.loop;

import dev.parlance.config.TrainingArguments;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Counts how long a run trains and measures, over all its processes, and says when that is enough. */
final class TimeLimit {
    private final @Nullable Duration limit;
    private final long startNanos = System.nanoTime();
    private double secondsBefore;

    TimeLimit(TrainingArguments arguments) {
        this.limit = arguments.timeLimit();
    }

    boolean isOver() {
        return limit != null && seconds() >= limit.toMillis() / 1e3;
    }

    double seconds() {
        return secondsBefore + (System.nanoTime() - startNanos) / 1e9;
    }

    /** Adds the time of the processes before. */
    void restore(double seconds) {
        secondsBefore = seconds;
    }
}
