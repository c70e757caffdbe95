package dev.parlance.train.auto;

import java.util.function.LongSupplier;

/** The time there is, of which earlier calls may have used some. */
final class Budget {
    private final double seconds;
    private final LongSupplier nanoTime;
    private final long start;
    private double before;

    Budget(double seconds, LongSupplier nanoTime) {
        this.seconds = seconds;
        this.nanoTime = nanoTime;
        this.start = nanoTime.getAsLong();
    }

    double seconds() {
        return seconds;
    }

    /** Counts what an earlier call has used. */
    void usedBefore(double usedSeconds) {
        before += usedSeconds;
    }

    double used() {
        return before + (nanoTime.getAsLong() - start) / 1e9;
    }

    double left() {
        return seconds - used();
    }
}
