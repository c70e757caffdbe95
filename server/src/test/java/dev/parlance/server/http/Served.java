package dev.parlance.server.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.Json;
import dev.parlance.server.api.Call;
import dev.parlance.server.api.Reply;
import dev.parlance.server.api.Route;
import dev.parlance.server.api.Route.Access;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.UnaryOperator;

/** A running server around a few routes of the tests' own. */
final class Served implements AutoCloseable {
    final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    final Queue<String> accessLog = new ConcurrentLinkedQueue<>();

    /** Answers that {@code /slow} owes, each completed by the test. */
    final LinkedBlockingQueue<CompletableFuture<Reply>> slow = new LinkedBlockingQueue<>();

    final ParlanceServer server;

    private Served(ServerOptions options, OpenTelemetry telemetry) {
        server = ParlanceServer.start(
                options, routes(), new ParlanceServer.Telling(meters, telemetry, accessLog::add, line -> {}, () -> {}));
    }

    static Served start() {
        return start(options -> options);
    }

    /** With other settings than the defaults, but always on a free port. */
    static Served start(UnaryOperator<ServerOptions> change) {
        return start(change, OpenTelemetry.noop());
    }

    static Served start(UnaryOperator<ServerOptions> change, OpenTelemetry telemetry) {
        return new Served(change.apply(ServerOptions.defaults().withPort(0)), telemetry);
    }

    /** With other limits, by their names in a file. */
    static Served limited(Map<String, Object> limits) {
        return start(options -> {
            ObjectNode tree = Json.tree(options);
            SettingsTree.merge(tree, Json.tree(Map.of("limits", limits)), "the test");
            return SettingsTree.options(tree);
        });
    }

    int port() {
        return server.port();
    }

    RawHttp.Answer get(String path, String... headers) throws IOException {
        return RawHttp.once(port(), RawHttp.get(path, headers));
    }

    RawHttp.Answer post(String path, String body, String... headers) throws IOException {
        return RawHttp.once(port(), RawHttp.post(path, body, headers));
    }

    static Reply json(int status, Object value, Map<String, String> headers) {
        return new Reply(status, "application/json", Json.line(value).getBytes(StandardCharsets.UTF_8), headers);
    }

    private List<Route> routes() {
        return List.of(
                new Route("GET", "/health", Access.PUBLIC, call -> now(json(200, Map.of("ready", true), Map.of()))),
                new Route("POST", "/echo", Access.CLIENT, call -> now(json(200, seen(call), Map.of()))),
                new Route("GET", "/echo", Access.CLIENT, call -> now(json(200, seen(call), Map.of()))),
                new Route(
                        "POST",
                        "/models/{model+}",
                        Access.CLIENT,
                        call -> now(json(200, seen(call), answeredBy(call)))),
                new Route(
                        "POST",
                        "/v2/models/{model}/infer",
                        Access.CLIENT,
                        call -> now(json(200, seen(call), Map.of()))),
                new Route("POST", "/admin/load", Access.ADMIN, call -> now(json(200, seen(call), Map.of()))),
                new Route("POST", "/broken", Access.CLIENT, call -> {
                    throw new IllegalStateException("a route that breaks its promise");
                }),
                new Route("POST", "/slow", Access.CLIENT, call -> {
                    CompletableFuture<Reply> answer = new CompletableFuture<>();
                    slow.add(answer);
                    return answer;
                }));
    }

    private static Map<String, String> answeredBy(Call call) {
        return Map.of(Reply.MODEL, String.valueOf(call.path().get("model")));
    }

    private static CompletableFuture<Reply> now(Reply reply) {
        return CompletableFuture.completedFuture(reply);
    }

    /** The call as the route saw it. */
    private static Map<String, Object> seen(Call call) {
        Map<String, Object> seen = new TreeMap<>();
        seen.put("path", call.path());
        seen.put("query", call.query());
        seen.put("id", call.headers().getOrDefault("x-request-id", ""));
        seen.put("body", call.body() == null ? "none" : call.body());
        return seen;
    }

    @Override
    public void close() {
        server.close();
    }
}
