package dev.parlance.server.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Hands batches to workers: the models that have work take turns, and background work goes when there is no other. Its lock
 * is held for no longer than it takes to form a batch. Safe for concurrent use.
 */
final class Scheduler {
    private final EngineOptions options;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final ArrayDeque<ServedModel> turns = new ArrayDeque<>(); // models with inputs, next one first
    private final ArrayDeque<ServedModel> backgroundTurns = new ArrayDeque<>();
    private long sequence;
    private int idleWorkers;
    private boolean closed;

    Scheduler(EngineOptions options) {
        this.options = options;
    }

    /** Inputs of one model that run together, at least one. */
    record Batch(ServedModel model, List<Input> inputs) {}

    /** Lets tokenized inputs of a model wait for a batch; false if too many tokens wait already, or if it is closed. */
    boolean add(ServedModel model, List<Input> inputs) {
        if (inputs.isEmpty()) {
            return true;
        }
        boolean background = inputs.get(0).isBackground();
        BatchQueue queue = queue(model, background);
        long tokens = inputs.stream().mapToLong(Input::length).sum();
        lock.lock();
        try {
            if (closed || (!queue.isEmpty() && queue.tokens() + tokens > options.maxQueueTokens())) {
                return false;
            }
            if (queue.isEmpty()) {
                turns(background).addLast(model);
            }
            long now = System.nanoTime();
            for (Input input : inputs) {
                input.queued(sequence++, now);
                queue.add(input);
            }
            work.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Takes an input out; false if it waits no more, or not yet. */
    boolean remove(Input input) {
        BatchQueue queue = queue(input.model(), input.isBackground());
        lock.lock();
        try {
            boolean waited = queue.remove(input);
            if (waited && queue.isEmpty()) {
                turns(input.isBackground()).remove(input.model());
            }
            return waited;
        } finally {
            lock.unlock();
        }
    }

    /** Tells that a model has nothing more in preparation, for which a worker may be waiting. */
    void prepared(ServedModel model) {
        if (!options.maxQueueDelay().isZero()) {
            lock.lock();
            try {
                work.signal();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Waits for the next batch; null once it is closed and nothing waits. */
    @Nullable
    Batch take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                long now = System.nanoTime();
                Batch batch = next(now);
                if (batch != null) {
                    if (!turns.isEmpty() || !backgroundTurns.isEmpty()) {
                        work.signal(); // for another worker
                    }
                    return batch;
                }
                if (closed && turns.isEmpty() && backgroundTurns.isEmpty()) {
                    return null;
                }
                idleWorkers++;
                try {
                    work.await(untilDueNanos(now), TimeUnit.NANOSECONDS);
                } finally {
                    idleWorkers--;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** How long nothing will be due that waits now; at least a nanosecond. */
    private long untilDueNanos(long now) {
        long soonest = Long.MAX_VALUE;
        for (ServedModel model : turns) {
            soonest = Math.min(soonest, dueNanos(model) - now);
        }
        return Math.max(1, soonest);
    }

    private @Nullable Batch next(long now) {
        Iterator<ServedModel> models = turns.iterator();
        while (models.hasNext()) {
            ServedModel model = models.next();
            if (closed || dueNanos(model) - now <= 0) {
                models.remove();
                return take(model, model.queue(), turns, now);
            }
        }
        ServedModel model = turns.isEmpty() ? backgroundTurns.pollFirst() : null;
        return model == null ? null : take(model, model.background(), backgroundTurns, now);
    }

    private Batch take(ServedModel model, BatchQueue queue, ArrayDeque<ServedModel> turns, long now) {
        long share = idleWorkers == 0 ? Long.MAX_VALUE : queue.tokens() / (idleWorkers + 1) + 1; // leaves others theirs
        double overhead = model.overheadTokens();
        long maxTokens = Math.min(options.maxBatchTokens(), Math.min(BatchShape.Limits.worth(overhead), share));
        int maxRows = options.maxBatchInputs() == 0 ? Integer.MAX_VALUE : options.maxBatchInputs();
        List<Input> inputs = queue.take(new BatchShape.Limits(maxTokens, maxRows, overhead));
        inputs.forEach(input -> input.taken(now));
        if (!queue.isEmpty()) {
            turns.addLast(model);
        }
        return new Batch(model, inputs);
    }

    /** Until when a model's inputs wait for those that are being tokenized. */
    private long dueNanos(ServedModel model) {
        long arrived = model.queue().oldest().queuedNanos();
        boolean moreToCome =
                model.preparing() > 0 && model.queue().tokens() < BatchShape.Limits.worth(model.overheadTokens());
        return moreToCome ? arrived + options.maxQueueDelay().toNanos() : arrived;
    }

    /** Takes nothing more; workers run what waits and then end. What waits in the background is given back. */
    List<Input> close() {
        List<Input> left = new ArrayList<>();
        lock.lock();
        try {
            closed = true;
            for (ServedModel model : backgroundTurns) {
                BatchQueue queue = model.background();
                while (!queue.isEmpty()) {
                    Input input = queue.oldest();
                    queue.remove(input);
                    left.add(input);
                }
            }
            backgroundTurns.clear();
            work.signalAll();
            return left;
        } finally {
            lock.unlock();
        }
    }

    private static BatchQueue queue(ServedModel model, boolean background) {
        return background ? model.background() : model.queue();
    }

    private ArrayDeque<ServedModel> turns(boolean background) {
        return background ? backgroundTurns : turns;
    }
}
