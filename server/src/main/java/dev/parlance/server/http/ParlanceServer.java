package dev.parlance.server.http;

import dev.parlance.server.api.Reply;
import dev.parlance.server.api.Route;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A running HTTP server around routes: connections, bounds, keys, logs, metrics. It knows nothing of models; whoever starts
 * one closes what answers.
 */
public final class ParlanceServer implements AutoCloseable {
    /**
     * What a server tells to whom.
     *
     * @param meters where it counts, and what {@code /metrics} shows
     * @param telemetry where traces go; {@link OpenTelemetry#noop} for none
     * @param out gets the lines of an access log to {@code stdout}
     * @param err gets the lines of an access log to {@code stderr}
     * @param flush called when no more lines are waiting
     */
    public record Telling(
            PrometheusMeterRegistry meters,
            OpenTelemetry telemetry,
            Consumer<String> out,
            Consumer<String> err,
            Runnable flush) {
        /** Counts, and tells nobody else. */
        public static Telling metrics(PrometheusMeterRegistry meters) {
            return new Telling(meters, OpenTelemetry.noop(), line -> {}, line -> {}, () -> {});
        }
    }

    private final ServerOptions options;
    private final Vertx vertx;
    private final Gate gate;
    private final Listeners listeners;
    private final Watchdog watchdog;
    private final AccessLog log;
    private final @Nullable RotatingFile logFile;
    private volatile int port;
    private boolean closed;

    private ParlanceServer(ServerOptions options, List<Route> routes, Telling telling) {
        this.options = options;
        OperationOptions operations = options.operations();
        this.logFile = logFile(operations);
        this.log = accessLog(operations, telling);
        this.vertx = Listeners.vertx(operations);
        List<Route> all = new ArrayList<>(routes);
        all.addAll(StaticFiles.routes());
        all.add(metricsRoute(operations, telling.meters()));
        HttpMetrics metrics = new HttpMetrics(telling.meters());
        this.gate = new Gate(vertx, options, new RouteTable(all), metrics, log, new Tracing(telling.telemetry()));
        metrics.gauge("parlance.http.connections", "Open connections.", gate.connections::size);
        metrics.gauge("parlance.http.requests.active", "Requests that are being answered.", gate::answering);
        metrics.gauge("parlance.http.buffered.bytes", "Bytes of bodies in memory.", gate::buffered);
        metrics.gauge("parlance.access.log.dropped", "Lines that the access log has lost.", log::dropped);
        this.listeners = new Listeners(vertx, options, this::connected, this::requested);
        this.watchdog = new Watchdog(gate, listeners::renewCertificate);
    }

    /**
     * Starts to listen.
     *
     * @param routes what there is, besides {@code /metrics} and the web page
     * @throws dev.parlance.config.UserError if the address, the certificate or the access log cannot be used
     */
    public static ParlanceServer start(ServerOptions options, List<Route> routes, Telling telling) {
        ParlanceServer server = new ParlanceServer(options, routes, telling);
        try {
            server.port = server.listeners.open();
            return server;
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /** The port that it listens at. */
    public int port() {
        return port;
    }

    /** How many requests have begun and not ended. */
    int active() {
        return gate.exchanges.size();
    }

    /** How many bytes of bodies are in memory. */
    long buffered() {
        return gate.buffered();
    }

    /** Where clients on this machine find it. */
    public URI address() {
        String host = options.hostname();
        boolean everywhere = host.equals("0.0.0.0") || host.equals("::");
        String name = everywhere ? "127.0.0.1" : host.contains(":") ? "[" + host + "]" : host;
        return URI.create((options.security().tlsCert() == null ? "http" : "https") + "://" + name + ":" + port + "/");
    }

    /**
     * Shuts down without losing a request: readiness turns 503, for the drain delay requests are still taken, then no more
     * connections are, and what is in flight is answered within the drain timeout.
     *
     * @return whether all that was in flight has been answered
     */
    public boolean drain() {
        gate.drain();
        OperationOptions operations = options.operations();
        pause(operations.drainDelay().duration());
        long start = System.nanoTime();
        listeners.shutdown(operations.drainTimeout().duration());
        boolean inTime = System.nanoTime() - start < operations.drainTimeout().nanos();
        close();
        return inTime;
    }

    /** Closes all connections at once. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        watchdog.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        log.close();
        if (logFile != null) {
            logFile.close();
        }
    }

    private void connected(HttpConnection http) {
        if (gate.connections.size() >= options.limits().maxConnections()) {
            gate.metrics.refusedConnection();
            http.close();
            return;
        }
        Connection connection = new Connection(http, System.nanoTime());
        gate.connections.put(http, connection);
        http.closeHandler(v -> {
            gate.connections.remove(http);
            connection.closed();
        });
    }

    private void requested(HttpServerRequest request, Context context) {
        Connection connection = gate.connections.get(request.connection());
        if (connection == null) { // closed while its request was on the way
            request.connection().close();
            return;
        }
        new Exchange(gate, request, connection, context).begin();
    }

    private static Route metricsRoute(OperationOptions operations, PrometheusMeterRegistry meters) {
        Route.Access access = Route.Access.valueOf(operations.metricsAccess().toUpperCase(Locale.ROOT));
        return new Route(
                "GET",
                "/metrics",
                access,
                call -> CompletableFuture.completedFuture(new Reply(
                        200,
                        "text/plain; version=0.0.4; charset=utf-8",
                        meters.scrape().getBytes(StandardCharsets.UTF_8),
                        Map.of())));
    }

    private static @Nullable RotatingFile logFile(OperationOptions operations) {
        return switch (operations.accessLog()) {
            case "off", "stdout", "stderr" -> null;
            default ->
                new RotatingFile(
                        Path.of(operations.accessLog()), operations.accessLogMaxBytes(), operations.accessLogFiles());
        };
    }

    private AccessLog accessLog(OperationOptions operations, Telling telling) {
        RotatingFile file = logFile;
        if (file != null) {
            return AccessLog.to(file::add, file::flush);
        }
        return switch (operations.accessLog()) {
            case "stdout" -> AccessLog.to(telling.out(), telling.flush());
            case "stderr" -> AccessLog.to(telling.err(), telling.flush());
            default -> AccessLog.off();
        };
    }

    private static void pause(Duration length) {
        try {
            TimeUnit.MILLISECONDS.sleep(length.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the rest goes on without waiting
        }
    }
}
