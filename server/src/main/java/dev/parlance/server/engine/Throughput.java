package dev.parlance.server.engine;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How many tokens a model has lately answered in a second, padding left out. Safe for concurrent use. */
final class Throughput {
    private static final double KEPT = 0.95; // of the past, at each batch: about the last 20 count
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final double NANOS = 1e9;

    private final int workers;
    private double tokens; // guarded by this
    private double nanos; // guarded by this

    /** Of a model that may run so many batches at a time. */
    Throughput(int workers) {
        this.workers = workers;
    }

    synchronized void ran(long batchTokens, long batchNanos) {
        tokens = KEPT * tokens + batchTokens;
        nanos = KEPT * nanos + batchNanos;
    }

    /** Tokens a second that all workers reach together; 0 if nothing has run yet. */
    synchronized double tokensPerSecond() {
        return nanos <= 0 ? 0 : workers * tokens / nanos * NANOS;
    }

    /** How long so many tokens will take; null if nothing has run yet. */
    @Nullable
    Duration timeFor(long waiting) {
        double rate = tokensPerSecond();
        return rate <= 0 ? null : Duration.ofMillis((long) Math.min(1e12, 1000 * waiting / rate));
    }

    /** When to try again while so many tokens wait: once they are answered, within 0.1 and 60 s. */
    Duration retryAfter(long waiting) {
        Duration time = timeFor(waiting);
        if (time == null) {
            return Duration.ofSeconds(1);
        }
        if (time.compareTo(SHORTEST) < 0) {
            return SHORTEST;
        }
        return time.compareTo(LONGEST) > 0 ? LONGEST : time;
    }
}
