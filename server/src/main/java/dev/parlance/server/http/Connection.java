package dev.parlance.server.http;

import io.vertx.core.http.HttpConnection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How long a connection has been without a request: how slowly bytes of a next one drip in does not matter. Changed by the
 * connection's event loop, looked at by the watchdog.
 */
final class Connection {
    private final HttpConnection http;
    private final Set<Exchange> exchanges = ConcurrentHashMap.newKeySet();
    private volatile boolean used;
    private volatile long idleSince;

    Connection(HttpConnection http, long nanos) {
        this.http = http;
        this.idleSince = nanos;
    }

    void begin(Exchange exchange) {
        used = true;
        exchanges.add(exchange);
    }

    void end(Exchange exchange, long nanos) {
        idleSince = nanos;
        exchanges.remove(exchange);
    }

    /** Closes it if it has been idle for too long. */
    void check(long nanos, LimitOptions limits) {
        TimeSpan most = used ? limits.keepAliveTimeout() : limits.headerTimeout();
        if (exchanges.isEmpty() && nanos - idleSince > most.nanos()) {
            close();
        }
    }

    /** Gives up what is not finished. An answer that was sent hears nothing of the end of its connection otherwise. */
    void closed() {
        List.copyOf(exchanges).forEach(Exchange::gone);
    }

    void close() {
        http.close();
    }
}
