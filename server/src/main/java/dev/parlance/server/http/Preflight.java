package dev.parlance.server.http;

import dev.parlance.server.api.Reply;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashMap;
import java.util.Map;

/** Answers OPTIONS: which methods there are, and what a page of another origin may send. */
final class Preflight {
    private static final String METHODS = "DELETE, GET, HEAD, OPTIONS, POST, PUT";

    private Preflight() {}

    static Reply reply(Gate gate, HttpServerRequest request) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        headers.set("Allow", METHODS);
        gate.cors.preflight(request.getHeader("origin"), METHODS, headers);
        Map<String, String> all = new HashMap<>();
        headers.forEach((name, value) -> all.put(name, value));
        return new Reply(204, "text/plain", new byte[0], all);
    }
}
