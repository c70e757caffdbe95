package dev.parlance.train.profile;

import java.util.concurrent.atomic.AtomicLong;

/** Bounds how many events all threads together keep. Thread-safe. */
final class EventLimit {
    private final long most;
    private final AtomicLong seen = new AtomicLong();

    EventLimit(long most) {
        this.most = most;
    }

    /** Counts an event; says whether there is room for it. */
    boolean admits() {
        return seen.incrementAndGet() <= most;
    }

    /** Events that there was room for. */
    long kept() {
        return Math.min(most, seen.get());
    }

    /** Events that there was no room for. */
    long dropped() {
        return Math.max(0, seen.get() - most);
    }
}
