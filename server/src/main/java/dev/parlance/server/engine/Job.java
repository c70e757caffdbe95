package dev.parlance.server.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A request on its way: gathers the outcomes of its inputs into one answer. Safe for concurrent use. */
final class Job {
    private final ModelInfo model;
    private final int characters;
    private final long deadlineNanos;
    private final @Nullable Outcome[] outcomes; // each is written once, before it is counted
    private final AtomicInteger missing;
    private final CompletableFuture<Answer> future = new CompletableFuture<>();

    /**
     * A request of some inputs.
     *
     * @param deadlineNanos when its answer is of no more use, as {@link System#nanoTime} tells time
     */
    Job(ModelInfo model, int inputs, int characters, long deadlineNanos) {
        this.model = model;
        this.characters = characters;
        this.deadlineNanos = deadlineNanos;
        this.outcomes = new @Nullable Outcome[inputs];
        this.missing = new AtomicInteger(inputs);
    }

    CompletableFuture<Answer> future() {
        return future;
    }

    /** Whether nobody waits for its answer any more. */
    boolean isOver(long nowNanos) {
        return future.isDone() || nowNanos - deadlineNanos >= 0;
    }

    /** Takes the outcome of an input; the last one completes the answer. */
    void accept(int index, Outcome outcome) {
        outcomes[index] = outcome;
        if (missing.decrementAndGet() == 0) {
            future.complete(answer());
        }
    }

    /** Ends the request without an answer. */
    void refuse(Refusal refusal) {
        future.completeExceptionally(refusal);
    }

    private Answer answer() {
        List<Outcome> all = new ArrayList<>(outcomes.length);
        for (@Nullable Outcome outcome : outcomes) {
            all.add(Objects.requireNonNull(outcome));
        }
        Answer.Timing timing = new Answer.Timing(
                longest(all.stream().mapToLong(Outcome::tokenizationNanos).toArray()),
                longest(all.stream().mapToLong(Outcome::queueNanos).toArray()),
                longest(all.stream().mapToLong(Outcome::inferenceNanos).toArray()));
        return new Answer(
                model,
                all.stream().map(Outcome::prediction).toList(),
                all.stream().mapToInt(Outcome::tokens).sum(),
                characters,
                timing);
    }

    private static Duration longest(long[] nanos) {
        return Duration.ofNanos(Arrays.stream(nanos).max().orElse(0));
    }
}
