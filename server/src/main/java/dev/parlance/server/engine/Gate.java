package dev.parlance.server.engine;

import java.util.concurrent.atomic.AtomicInteger;

/** Lets work in until it is closed; closing waits for the work inside to end. Safe for concurrent use. */
final class Gate {
    private final AtomicInteger inside = new AtomicInteger();
    private volatile boolean closed;

    /** Whether work may begin; if so, {@link #leave} is due at its end. */
    boolean enter() {
        inside.incrementAndGet();
        if (closed) {
            leave();
            return false;
        }
        return true;
    }

    void leave() {
        if (inside.decrementAndGet() == 0 && closed) {
            synchronized (this) {
                notifyAll();
            }
        }
    }

    boolean isClosed() {
        return closed;
    }

    /** Lets nothing in any more and waits until nothing is inside; an interrupt is kept for later. */
    void close() {
        closed = true;
        boolean interrupted = false;
        synchronized (this) {
            while (inside.get() > 0) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
