package dev.parlance.linear;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * A few threads that share numbered tasks. Which thread runs a task is chance, so a task must depend on its number alone and
 * write only what no other task writes; then results are the same for any number of threads. One caller at a time is fast;
 * several are safe.
 */
public final class Parallel implements AutoCloseable {
    private final ExecutorService helpers;
    private final int threads;

    /**
     * Starts threads, which do not keep the process alive.
     *
     * @param threads the caller's included; 0 takes all processors
     */
    public Parallel(int threads) {
        this.threads = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
        helpers = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "parlance-linear");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** The threads that share the tasks, the caller's included. */
    public int threads() {
        return threads;
    }

    /** Runs the tasks {@code 0} to {@code tasks - 1} and waits for all; what one of them throws is thrown. */
    public void run(int tasks, IntConsumer task) {
        AtomicInteger next = new AtomicInteger();
        Runnable share = () -> {
            for (int i = next.getAndIncrement(); i < tasks; i = next.getAndIncrement()) {
                task.accept(i);
            }
        };
        List<Future<?>> running = new ArrayList<>();
        for (int i = 1; i < Math.min(threads, tasks); i++) {
            running.add(helpers.submit(share));
        }
        try {
            share.run();
        } finally {
            next.set(tasks); // after a failure nothing more is begun
            running.forEach(Parallel::await);
        }
    }

    private static void await(Future<?> future) {
        boolean interrupted = false;
        while (true) {
            try {
                future.get();
                break;
            } catch (InterruptedException e) {
                interrupted = true; // the tasks write into the caller's arrays: wait all the same
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RuntimeException cause) {
                    throw cause;
                }
                throw new IllegalStateException("a task failed", e.getCause());
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        helpers.shutdown();
    }
}
