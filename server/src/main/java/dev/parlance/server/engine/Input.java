package dev.parlance.server.engine;

import dev.parlance.data.Example;
import dev.parlance.predict.Prepared;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One text or pair on its way through tokenization, queue and batch, for all the requests that wait for its outcome. Holds
 * its version of the model until it ends. One thread at a time has it in hand; who waits for it may change at any time.
 */
final class Input {
    private final ServedModel model;
    private final Example example;
    private final boolean truncate;
    private final boolean background;
    private final List<Waiter> waiters = new ArrayList<>(1); // guarded by this
    private boolean closed; // nobody may join; guarded by this

    private @Nullable Prepared prepared;
    private long tokenizationNanos;
    private long sequence;
    private long queuedNanos;
    private long takenNanos;

    private record Waiter(Job job, int index) {}

    /**
     * An input that a request waits for. The caller holds the model.
     *
     * @param background whether all other work goes first
     */
    Input(ServedModel model, Example example, boolean truncate, boolean background, Job job, int index) {
        model.lease().retain();
        this.model = model;
        this.example = example;
        this.truncate = truncate;
        this.background = background;
        waiters.add(new Waiter(job, index));
    }

    ServedModel model() {
        return model;
    }

    Example example() {
        return example;
    }

    /** Whether the text may be cut. */
    boolean truncate() {
        return truncate;
    }

    boolean isBackground() {
        return background;
    }

    /** One request more that waits; false if the outcome is already out, or nobody waited any more. */
    synchronized boolean join(Job job, int index) {
        return !closed && waiters.add(new Waiter(job, index));
    }

    /** One request less that waits; true if it was the last one. */
    synchronized boolean leave(Job job) {
        boolean left = waiters.removeIf(waiter -> waiter.job() == job);
        if (left && waiters.isEmpty() && !closed) {
            closed = true;
            return true;
        }
        return false;
    }

    /** Whether an outcome is of use to anyone. If not, none will be from now on. */
    synchronized boolean isWanted(long nowNanos) {
        if (!closed && waiters.stream().allMatch(waiter -> waiter.job().isOver(nowNanos))) {
            closed = true;
        }
        return !closed;
    }

    void tokenized(Prepared prepared, long nanos) {
        this.prepared = prepared;
        this.tokenizationNanos = nanos;
    }

    void queued(long sequence, long nowNanos) {
        this.sequence = sequence;
        this.queuedNanos = nowNanos;
    }

    void taken(long nowNanos) {
        takenNanos = nowNanos;
    }

    Prepared prepared() {
        return Objects.requireNonNull(prepared, "not tokenized yet");
    }

    /** Tokens that it takes in a batch, at least one. */
    int length() {
        return Math.max(1, prepared().length());
    }

    long tokenizationNanos() {
        return tokenizationNanos;
    }

    /** Its place in the order of arrival. */
    long sequence() {
        return sequence;
    }

    /** When it was queued. */
    long queuedNanos() {
        return queuedNanos;
    }

    /** How long it waited for a batch. */
    long waitedNanos() {
        return takenNanos - queuedNanos;
    }

    /** Ends with an outcome. */
    void answer(Outcome outcome) {
        model.answers().ended(this, outcome);
        end(waiter -> waiter.job().accept(waiter.index(), outcome));
    }

    /** Ends without one. */
    void refuse(Refusal refusal) {
        model.answers().ended(this, null);
        end(waiter -> waiter.job().refuse(refusal));
    }

    private void end(Consumer<Waiter> tell) {
        List<Waiter> waiting;
        synchronized (this) {
            closed = true;
            waiting = List.copyOf(waiters);
            waiters.clear();
        }
        try {
            waiting.forEach(tell);
        } finally {
            model.lease().release();
        }
    }
}
