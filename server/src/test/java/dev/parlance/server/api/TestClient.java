package dev.parlance.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Calls routes without a server. */
final class TestClient {
    final FakeBackend backend = new FakeBackend();
    final List<Route> routes;

    /** Over the made-up models. */
    TestClient() {
        routes = Routes.of(backend);
    }

    /** Over a real engine. */
    TestClient(List<Route> routes) {
        this.routes = routes;
    }

    /** Parameters of a path as they stand in the template, in turn names and values. */
    Reply post(String path, String json, String... parameters) {
        return call("POST", path, json, parameters);
    }

    Reply get(String path, String... parameters) {
        return call("GET", path, "", parameters);
    }

    Reply call(String method, String path, String json, String... parameters) {
        Map<String, String> inPath = new HashMap<>();
        Map<String, String> inQuery = new HashMap<>();
        for (int i = 0; i < parameters.length; i += 2) {
            boolean isPath = path.contains("{" + parameters[i] + "}") || path.contains("{" + parameters[i] + "+}");
            (isPath ? inPath : inQuery).put(parameters[i], parameters[i + 1]);
        }
        Call call = new Call(inPath, inQuery, Map.of(), json.isEmpty() ? null : json(json));
        return route(method, path).handler().handle(call).toCompletableFuture().join();
    }

    Route route(String method, String path) {
        return routes.stream()
                .filter(route -> route.method().equals(method) && route.path().equals(path))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no route " + method + " " + path));
    }

    static String text(Reply reply) {
        return new String(reply.body(), StandardCharsets.UTF_8);
    }

    static JsonNode body(Reply reply) {
        return json(text(reply));
    }

    static JsonNode json(String text) {
        try {
            return ApiJson.MAPPER.readTree(text);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new AssertionError("no JSON: " + text, e);
        }
    }
}
