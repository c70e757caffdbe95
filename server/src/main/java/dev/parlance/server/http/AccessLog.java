package dev.parlance.server.http;

import dev.parlance.config.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A line of JSON for each request, never with text of a user's. A thread of its own writes them; when it does not keep up,
 * lines are dropped and counted rather than requests held up.
 */
final class AccessLog implements AutoCloseable {
    private static final int QUEUE = 8192;

    /**
     * A request that has been answered.
     *
     * @param time when it came, ISO 8601
     * @param method of HTTP
     * @param route the pattern of its route, or null if there was none
     * @param model the model that answered, or null
     * @param status of HTTP; 499 if the client did not wait
     * @param micros from its headers to the end of the answer
     * @param bytesIn of its body
     * @param bytesOut of the answer's body
     * @param requestId its id, also in the answer's header
     * @param key the id of the key it showed, or null
     */
    record Entry(
            String time,
            String method,
            @Nullable String route,
            @Nullable String model,
            int status,
            long micros,
            long bytesIn,
            long bytesOut,
            String requestId,
            @Nullable String key) {
        String line() {
            Map<String, @Nullable Object> fields = new LinkedHashMap<>();
            fields.put("time", time);
            fields.put("method", method);
            fields.put("route", route);
            fields.put("model", model);
            fields.put("status", status);
            fields.put("micros", micros);
            fields.put("bytes_in", bytesIn);
            fields.put("bytes_out", bytesOut);
            fields.put("request_id", requestId);
            fields.put("key", key);
            fields.values().removeIf(value -> value == null);
            return Json.line(fields);
        }
    }

    private final BlockingQueue<Entry> queue = new ArrayBlockingQueue<>(QUEUE);
    private final CountDownLatch written = new CountDownLatch(1);
    private final AtomicLong dropped = new AtomicLong();
    private final @Nullable Thread writer;
    private volatile boolean closing;

    private AccessLog(@Nullable Consumer<String> lines, Runnable flush) {
        if (lines == null) {
            writer = null;
        } else {
            writer = new Thread(() -> write(lines, flush), "parlance-access-log");
            writer.setDaemon(true);
            writer.start();
        }
    }

    /** No log. */
    static AccessLog off() {
        return new AccessLog(null, () -> {});
    }

    /**
     * A log whose lines go somewhere.
     *
     * @param lines gets each line, without its end, on one thread
     * @param flush called when no more lines are waiting
     */
    static AccessLog to(Consumer<String> lines, Runnable flush) {
        return new AccessLog(lines, flush);
    }

    void add(Entry entry) {
        if (writer != null && !queue.offer(entry)) {
            dropped.incrementAndGet();
        }
    }

    /** Lines that were lost since the writer did not keep up. */
    long dropped() {
        return dropped.get();
    }

    private void write(Consumer<String> lines, Runnable flush) {
        try {
            while (!closing || !queue.isEmpty()) {
                Entry entry = queue.poll(200, TimeUnit.MILLISECONDS);
                if (entry != null) {
                    lines.accept(entry.line());
                }
                if (queue.isEmpty()) {
                    flush.run();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // someone ends the process
        } finally {
            written.countDown();
        }
    }

    /** Writes what is waiting. */
    @Override
    public void close() {
        closing = true;
        if (writer != null) {
            try {
                if (!written.await(5, TimeUnit.SECONDS)) {
                    dropped.addAndGet(queue.size());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
