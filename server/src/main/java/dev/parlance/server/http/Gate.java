package dev.parlance.server.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What all requests of a server share: its rules, and how much of its bounds is in use. */
final class Gate {
    final Vertx vertx;
    final LimitOptions limits;
    final RouteTable routes;
    final Keys keys;
    final RateLimits rates;
    final Cors cors;
    final StrictJson json;
    final HttpMetrics metrics;
    final AccessLog log;
    final Tracing tracing;

    /** Requests that have begun and not ended. */
    final Set<Exchange> exchanges = ConcurrentHashMap.newKeySet();

    final Map<HttpConnection, Connection> connections = new ConcurrentHashMap<>();

    private final AtomicInteger answering = new AtomicInteger();
    private final AtomicLong buffered = new AtomicLong();
    private final long bufferBytes;
    private volatile boolean draining;
    private volatile String date = "";

    Gate(Vertx vertx, ServerOptions options, RouteTable routes, HttpMetrics metrics, AccessLog log, Tracing tracing) {
        this.vertx = vertx;
        this.limits = options.limits();
        this.routes = routes;
        this.keys = new Keys(options.security());
        this.rates = new RateLimits(options.security());
        this.cors = new Cors(options.security().corsAllowOrigin());
        this.json = new StrictJson(options.limits());
        this.metrics = metrics;
        this.log = log;
        this.tracing = tracing;
        this.bufferBytes = limits.bufferBytes();
    }

    /** Takes a place among those that are answered at once; false if there is none. */
    boolean enter() {
        if (answering.incrementAndGet() > limits.maxConcurrentRequests()) {
            answering.decrementAndGet();
            return false;
        }
        return true;
    }

    void leave() {
        answering.decrementAndGet();
    }

    /** Takes memory for a piece of a body; false if there is none. */
    boolean reserve(int bytes) {
        if (buffered.addAndGet(bytes) > bufferBytes) {
            buffered.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    void release(long bytes) {
        buffered.addAndGet(-bytes);
    }

    int answering() {
        return answering.get();
    }

    long buffered() {
        return buffered.get();
    }

    boolean draining() {
        return draining;
    }

    void drain() {
        draining = true;
    }

    /** The time as the Date header has it. */
    String date() {
        return date;
    }

    void date(String now) {
        date = now;
    }
}
