package dev.parlance.server.api;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Steps of an answer, one after the other; giving up a later one gives up the one that is running. */
final class Work {
    private Work() {}

    /** Applies a quick step to what a first one gives. */
    static <T, R> CompletableFuture<R> then(CompletableFuture<T> first, Function<T, R> step) {
        return linked(first.thenApply(step), first);
    }

    /** Starts a second step on what a first one gives. */
    static <T, R> CompletableFuture<R> thenStart(CompletableFuture<T> first, Function<T, CompletableFuture<R>> step) {
        CompletableFuture<R> last = new CompletableFuture<>();
        var unused = first.whenComplete((value, failure) -> {
            if (failure != null) {
                last.completeExceptionally(failure);
            } else if (!last.isDone()) {
                follow(last, value, step);
            }
        });
        return linked(last, first);
    }

    private static <T, R> void follow(CompletableFuture<R> last, T value, Function<T, CompletableFuture<R>> step) {
        try {
            CompletableFuture<R> second = step.apply(value);
            var unused = second.whenComplete((result, failure) -> {
                if (failure != null) {
                    last.completeExceptionally(failure);
                } else {
                    last.complete(result);
                }
            });
            var unusedLink = linked(last, second);
        } catch (RuntimeException e) {
            last.completeExceptionally(e);
        }
    }

    /** A handler that replies in a dialect whatever happens. */
    static Route.Handler handler(Dialect dialect, Function<Call, CompletableFuture<Reply>> work) {
        return call -> {
            try {
                CompletableFuture<Reply> running = work.apply(call);
                return linked(running.exceptionally(dialect::refuse), running);
            } catch (RuntimeException e) {
                return CompletableFuture.completedFuture(dialect.refuse(e));
            }
        };
    }

    /** A handler that needs no waiting. */
    static Route.Handler now(Dialect dialect, Function<Call, Reply> work) {
        return handler(dialect, call -> CompletableFuture.completedFuture(work.apply(call)));
    }

    private static <R> CompletableFuture<R> linked(CompletableFuture<R> last, CompletableFuture<?> running) {
        var unused = last.whenComplete((result, failure) -> {
            if (last.isCancelled()) {
                running.cancel(true);
            }
        });
        return last;
    }
}
