package dev.parlance.server.http;

import io.vertx.core.http.HttpConnection;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How long a connection has been without a request: how slowly bytes of a next one drip in does not matter. Changed by the
 * connection's event loop, looked at by the watchdog.
 */
final class Connection {
    private final HttpConnection http;
    private final AtomicInteger busy = new AtomicInteger();
    private volatile boolean used;
    private volatile long idleSince;

    Connection(HttpConnection http, long nanos) {
        this.http = http;
        this.idleSince = nanos;
    }

    void begin() {
        used = true;
        busy.incrementAndGet();
    }

    void end(long nanos) {
        idleSince = nanos;
        busy.decrementAndGet();
    }

    /** Closes it if it has been idle for too long. */
    void check(long nanos, LimitOptions limits) {
        TimeSpan most = used ? limits.keepAliveTimeout() : limits.headerTimeout();
        if (busy.get() == 0 && nanos - idleSince > most.nanos()) {
            close();
        }
    }

    void close() {
        http.close();
    }
}
