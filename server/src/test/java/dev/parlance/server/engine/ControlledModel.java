package dev.parlance.server.engine;

import dev.parlance.predict.Model;
import dev.parlance.task.Logits;
import dev.parlance.tokenize.Batch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;

/** A network that adds up ids, notes its batches, and waits or fails as a test wants. */
final class ControlledModel implements Model {
    /** The id of {@code broken}. */
    static final int BROKEN = 7;

    private static final int PLENTY = 1_000_000;

    private final List<List<Integer>> batches = new ArrayList<>(); // lengths of rows; guarded by itself
    private final Semaphore runs = new Semaphore(PLENTY);
    private volatile boolean failsOnBroken;
    private volatile boolean closed;
    private volatile long runMillis;

    /** From now on batches wait until they are let go. */
    ControlledModel hold() {
        runs.drainPermits();
        return this;
    }

    void letGo(int batches) {
        runs.release(batches);
    }

    void letAllGo() {
        runs.release(PLENTY);
    }

    /** From now on a batch with the word {@code broken} fails. */
    ControlledModel failsOnBroken() {
        failsOnBroken = true;
        return this;
    }

    ControlledModel takes(long millis) {
        runMillis = millis;
        return this;
    }

    boolean isClosed() {
        return closed;
    }

    /** The lengths of the rows of each batch that has begun. */
    List<List<Integer>> batches() {
        synchronized (batches) {
            return List.copyOf(batches);
        }
    }

    int begun() {
        return batches().size();
    }

    @Override
    public Logits forward(Batch batch) {
        if (closed) {
            throw new IllegalStateException("run after it was closed");
        }
        synchronized (batches) {
            batches.add(Arrays.stream(batch.attentionMask())
                    .map(row -> (int) Arrays.stream(row).sum())
                    .toList());
        }
        runs.acquireUninterruptibly();
        sleep();
        float[] logits = new float[2 * batch.size()];
        for (int row = 0; row < batch.size(); row++) {
            long[] ids = batch.inputIds()[row];
            if (failsOnBroken && Arrays.stream(ids).anyMatch(id -> id == BROKEN)) {
                throw new IllegalStateException("out of order");
            }
            logits[2 * row] = 2;
            logits[2 * row + 1] = (float) (Arrays.stream(ids).sum() % 5);
        }
        return new Logits(logits, batch.size(), 2);
    }

    private void sleep() {
        try {
            Thread.sleep(runMillis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
