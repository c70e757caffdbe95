package dev.parlance.train.loop;

import dev.parlance.train.profile.Phase;
import dev.parlance.train.profile.Profiler;
import dev.parlance.train.profile.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** A fixed team of threads; the same piece of work always goes to the same thread, whose caches hold its data. */
final class Workers implements AutoCloseable {
    private final List<ExecutorService> threads = new ArrayList<>();
    private final Profiler profiler;

    /** Work for one of the threads, by its number from 0. */
    interface Work<T> {
        T run(int worker) throws Exception;
    }

    Workers(int count) {
        this(count, Profiler.off());
    }

    /** Threads whose work is timed in the steps that the profiler wants. */
    Workers(int count, Profiler profiler) {
        this.profiler = profiler;
        AtomicInteger number = new AtomicInteger();
        for (int i = 0; i < count; i++) {
            threads.add(Executors.newSingleThreadExecutor(task -> {
                Thread thread = new Thread(task, "parlance-train-" + number.getAndIncrement());
                thread.setDaemon(true);
                return thread;
            }));
        }
    }

    int count() {
        return threads.size();
    }

    /** Times what is done on these threads, and around it, in the steps that it wants. */
    Profiler profiler() {
        return profiler;
    }

    /**
     * Runs the work on every thread and waits for all of them; the results stand in the order of the threads.
     *
     * @param phase what it is, for who profiles
     */
    <T> List<T> onAll(Phase phase, Work<T> work) {
        try (Span section = profiler.section(phase)) {
            return await(submit(phase, work));
        }
    }

    private <T> List<Future<T>> submit(Phase phase, Work<T> work) {
        List<Future<T>> futures = new ArrayList<>();
        for (int i = 0; i < threads.size(); i++) {
            int worker = i;
            Callable<T> call = () -> {
                try (Span span = profiler.span(phase)) {
                    return work.run(worker);
                }
            };
            futures.add(threads.get(i).submit(call));
        }
        return futures;
    }

    private static <T> List<T> await(List<Future<T>> futures) {
        List<T> results = new ArrayList<>();
        RuntimeException failure = null;
        for (Future<T> future : futures) {
            try {
                results.add(future.get());
            } catch (ExecutionException e) {
                failure = unwrap(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                failure = new IllegalStateException("interrupted while training", e);
            }
        }
        if (failure != null) {
            throw failure;
        }
        return results;
    }

    private static RuntimeException unwrap(ExecutionException e) {
        return e.getCause() instanceof RuntimeException cause
                ? cause
                : new IllegalStateException("a training thread failed", e.getCause());
    }

    /** Lets the threads end once they have nothing to do. */
    @Override
    public void close() {
        threads.forEach(ExecutorService::shutdown);
    }
}
