package dev.parlance.server.engine;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/**
 * How long the requests of about the last half minute took. Recording waits for nobody; {@link #roll} is due each second,
 * whoever looks. Safe for concurrent use.
 */
final class LatencyWindow {
    static final int SECONDS = 30;

    private static final long MAX_MICROS = TimeUnit.HOURS.toMicros(1);
    private static final int DIGITS = 2;

    private final Recorder recorder = new Recorder(1, MAX_MICROS, DIGITS);
    private final ArrayDeque<Histogram> seconds = new ArrayDeque<>(); // newest last; guarded by itself

    void record(long nanos) {
        recorder.recordValue(Math.min(MAX_MICROS, Math.max(1, TimeUnit.NANOSECONDS.toMicros(nanos))));
    }

    /** Ends a second. */
    void roll() {
        synchronized (seconds) {
            Histogram recycled = seconds.size() >= SECONDS ? seconds.pollFirst() : null;
            seconds.addLast(interval(recycled));
        }
    }

    private Histogram interval(@Nullable Histogram recycled) {
        return recycled == null ? recorder.getIntervalHistogram() : recorder.getIntervalHistogram(recycled);
    }

    /** What has been recorded in the window, up to the last whole second. */
    Stats.Latency read() {
        Histogram all = new Histogram(1, MAX_MICROS, DIGITS);
        synchronized (seconds) {
            seconds.forEach(all::add);
        }
        return new Stats.Latency(
                all.getTotalCount(),
                millis(all.getValueAtPercentile(50)),
                millis(all.getValueAtPercentile(90)),
                millis(all.getValueAtPercentile(99)),
                millis(all.getMaxValue()));
    }

    private static double millis(long micros) {
        return micros / 1000.0;
    }
}
