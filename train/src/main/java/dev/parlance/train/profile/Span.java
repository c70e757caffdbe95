package dev.parlance.train.profile;

import org.jspecify.annotations.Nullable;

/** A part of a step, from when it was opened to when it is closed, by the same thread. Spans nest; closing twice is safe. */
public final class Span implements AutoCloseable {
    /** What there is while nothing is profiled. */
    static final Span NONE = new Span(null, Phase.STEP, false, 0);

    private final @Nullable Lane lane;
    private final Phase phase;
    private final boolean section;
    private final long startNanos;
    private long coveredNanos;

    /** @param section whether the thread only waits for others in it */
    Span(@Nullable Lane lane, Phase phase, boolean section, long startNanos) {
        this.lane = lane;
        this.phase = phase;
        this.section = section;
        this.startNanos = startNanos;
    }

    Phase phase() {
        return phase;
    }

    boolean isSection() {
        return section;
    }

    long startNanos() {
        return startNanos;
    }

    /** Takes note of a span or operation within it. */
    void cover(long nanos) {
        coveredNanos += nanos;
    }

    /** How much of it is in none of the spans and operations within it. */
    long uncoveredNanos(long endNanos) {
        return endNanos - startNanos - coveredNanos;
    }

    @Override
    public void close() {
        if (lane != null) {
            lane.close(this);
        }
    }
}
