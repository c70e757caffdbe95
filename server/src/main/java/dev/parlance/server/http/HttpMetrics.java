package dev.parlance.server.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What the server counts of requests. The labels have few values: routes are patterns, and a model is one that has answered,
 * never a name that a client made up.
 */
final class HttpMetrics {
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofNanos(2_500_000),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10)
    };

    private record Counted(String model, String route, int status) {}

    private record Timed(String model, String route) {}

    private final MeterRegistry registry;
    private final ConcurrentMap<Counted, Counter> counters = new ConcurrentHashMap<>();
    private final ConcurrentMap<Timed, Timer> timers = new ConcurrentHashMap<>();
    private final Counter refusedConnections;

    HttpMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.refusedConnections = Counter.builder("parlance.http.connections.refused")
                .description("Connections closed at once, since there were too many.")
                .register(registry);
    }

    /** Shows a number that is read when it is asked for. */
    void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register(registry);
    }

    void refusedConnection() {
        refusedConnections.increment();
    }

    /** Counts an answer; status 499 is a client that did not wait for it. */
    void answered(String model, String route, int status, long nanos) {
        counters.computeIfAbsent(new Counted(model, route, status), this::counter)
                .increment();
        timers.computeIfAbsent(new Timed(model, route), this::timer).record(nanos, TimeUnit.NANOSECONDS);
    }

    private Counter counter(Counted key) {
        return Counter.builder("parlance.requests")
                .description("Requests that were answered; 499 is a client that did not wait.")
                .tag("model", key.model())
                .tag("route", key.route())
                .tag("status", Integer.toString(key.status()))
                .register(registry);
    }

    private Timer timer(Timed key) {
        return Timer.builder("parlance.request.duration")
                .description("From the end of a request's headers to the end of its answer.")
                .tag("model", key.model())
                .tag("route", key.route())
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }
}
