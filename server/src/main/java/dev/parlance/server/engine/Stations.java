package dev.parlance.server.engine;

import dev.parlance.data.Example;
import dev.parlance.server.engine.Refusal.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The stations that an input passes, with the threads of each: tokenizers, workers, and tellers, who tell answers. Safe for
 * concurrent use.
 */
final class Stations {
    private final Scheduler scheduler;
    private final Tokenization tokenization;
    private final ExecutorService tokenizers;
    private final ExecutorService tellers;
    private final List<Thread> workers;
    private final ScheduledThreadPoolExecutor timer = Threads.timer("parlance-timer");

    Stations(EngineOptions options) {
        scheduler = new Scheduler(options);
        tokenization = new Tokenization(scheduler);
        tokenizers = Threads.pool("parlance-tokenize", options.tokenizers());
        tellers = Threads.pool("parlance-answer", options.tokenizers());
        Worker worker = new Worker(scheduler, tellers);
        workers = Stream.generate(() -> worker)
                .limit(options.workers())
                .map(Threads.named("parlance-infer")::newThread)
                .toList();
        workers.forEach(Thread::start);
    }

    /**
     * Answers the inputs of a job, some of which may be known or in work already. The caller holds the model until this returns.
     *
     * @param background whether all other work goes first, and each input is run, known or not
     */
    void start(ServedModel model, Job job, List<Example> examples, boolean truncate, boolean background) {
        List<Input> all = new ArrayList<>(examples.size());
        List<Input> started = new ArrayList<>(examples.size());
        for (int i = 0; i < examples.size(); i++) {
            Example example = examples.get(i);
            Outcome known = background ? null : model.answers().find(example, truncate);
            if (known != null) {
                job.accept(i, known);
            } else if (background) {
                started.add(new Input(model, example, truncate, true, job, i));
            } else {
                all.add(model.answers().joinOrStart(model, example, truncate, job, i, started));
            }
        }
        all.addAll(background ? started : List.of());
        if (!started.isEmpty()) {
            tokenize(model, started, background);
        }
        Threads.onEnd(job.future(), (answer, failure) -> {
            if (failure != null) {
                giveUp(job, all);
            }
        });
    }

    private void tokenize(ServedModel model, List<Input> inputs, boolean background) {
        if (background) {
            execute(() -> tokenization.run(model, inputs), inputs);
            return;
        }
        model.beginPreparing();
        execute(
                () -> {
                    try {
                        tokenization.run(model, inputs);
                    } finally {
                        if (model.endPreparing()) {
                            scheduler.prepared(model);
                        }
                    }
                },
                inputs);
    }

    private void execute(Runnable task, List<Input> inputs) {
        try {
            tokenizers.execute(task);
        } catch (RejectedExecutionException e) {
            inputs.forEach(input -> input.refuse(shuttingDown()));
        }
    }

    /** Drops the inputs that nobody else waits for and that no batch has taken. */
    private void giveUp(Job job, List<Input> inputs) {
        for (Input input : inputs) {
            if (input.leave(job) && scheduler.remove(input)) {
                input.refuse(Tokenization.tooLate());
            }
        }
    }

    /** Refuses the job when its time is over, unless it has ended by then. */
    void watch(Job job, long timeoutNanos) {
        Future<?> alarm = timer.schedule(
                () -> tellers.execute(() -> job.refuse(Tokenization.tooLate())), timeoutNanos, TimeUnit.NANOSECONDS);
        Threads.onEnd(job.future(), (answer, failure) -> alarm.cancel(false));
    }

    /** Does something every second. */
    void everySecond(Runnable task) {
        Future<?> unused = timer.scheduleAtFixedRate(task, 1, 1, TimeUnit.SECONDS);
    }

    /** Runs something on the tokenizers' threads. */
    <T> CompletableFuture<T> compute(Callable<T> task) {
        CompletableFuture<T> future = new CompletableFuture<>();
        try {
            tokenizers.execute(() -> {
                if (future.isDone()) {
                    return; // cancelled
                }
                try {
                    future.complete(task.call());
                } catch (Exception | Error e) {
                    future.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            future.completeExceptionally(shuttingDown());
        }
        return future;
    }

    static Refusal shuttingDown() {
        return new Refusal(Kind.UNHEALTHY, "the server is shutting down");
    }

    /** Ends all threads once they have done what they have; copies for shadow versions are dropped. */
    void close() {
        Threads.end(tokenizers);
        scheduler.close().forEach(input -> input.refuse(shuttingDown()));
        workers.forEach(Threads::join);
        Threads.end(tellers);
        timer.shutdownNow();
    }
}
