package dev.parlance.train.hub;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A response's body, read chunk by chunk with a limit on the wait for each; the HTTP client's own timeout ends with the
 * headers.
 */
final class BodyChunks implements HttpResponse.BodySubscriber<BodyChunks>, AutoCloseable {
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private volatile Flow.@Nullable Subscription subscription;

    private record Event(
            List<ByteBuffer> buffers,
            boolean last,
            @Nullable Throwable failure) {}

    @Override
    public CompletionStage<BodyChunks> getBody() {
        return CompletableFuture.completedFuture(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription newSubscription) {
        subscription = newSubscription;
        newSubscription.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        events.add(new Event(buffers, false, null));
    }

    @Override
    public void onError(Throwable failure) {
        events.add(new Event(List.of(), true, failure));
    }

    @Override
    public void onComplete() {
        events.add(new Event(List.of(), true, null));
    }

    /**
     * The next bytes; null at the end.
     *
     * @throws HttpTimeoutException if none come in time
     * @throws IOException if the connection breaks
     */
    @Nullable
    List<ByteBuffer> next(Duration patience) throws IOException, InterruptedException {
        Event event = events.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
        if (event == null) {
            throw new HttpTimeoutException("no data came for " + patience.toSeconds() + " s");
        }
        Throwable failure = event.failure();
        if (failure != null) {
            throw new IOException(failure.getMessage(), failure);
        }
        if (event.last()) {
            return null;
        }
        Flow.Subscription current = subscription;
        if (current != null) {
            current.request(1);
        }
        return event.buffers();
    }

    /** Gives up the rest of the body, and its connection. */
    @Override
    public void close() {
        Flow.Subscription current = subscription;
        if (current != null) {
            current.cancel();
        }
    }
}
