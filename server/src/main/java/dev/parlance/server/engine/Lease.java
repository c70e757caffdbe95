package dev.parlance.server.engine;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the users of a thing, and frees it after the last one; the first user is its owner. Safe for concurrent use. */
final class Lease {
    private final AtomicInteger users = new AtomicInteger(1);
    private final Runnable free;
    private final CompletableFuture<Void> freed = new CompletableFuture<>();

    Lease(Runnable free) {
        this.free = free;
    }

    /** One user more; false if the thing has been freed. */
    boolean tryRetain() {
        int seen = users.get();
        while (seen > 0 && !users.compareAndSet(seen, seen + 1)) {
            seen = users.get();
        }
        return seen > 0;
    }

    /** One user more, for a caller that is one itself. */
    void retain() {
        if (!tryRetain()) {
            throw new IllegalStateException("used after it was freed");
        }
    }

    /** One user less; the last one frees the thing on its thread. */
    void release() {
        int left = users.decrementAndGet();
        if (left < 0) {
            throw new IllegalStateException("released more often than retained");
        }
        if (left == 0) {
            try {
                free.run();
            } finally {
                freed.complete(null);
            }
        }
    }

    /** Completes once the thing has been freed. */
    CompletableFuture<Void> freed() {
        return freed;
    }
}
