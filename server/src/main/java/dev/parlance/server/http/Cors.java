package dev.parlance.server.http;

import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which pages of other origins may call this server; none if nothing is said. */
final class Cors {
    private final Set<String> origins;

    Cors(List<String> origins) {
        this.origins = Set.copyOf(origins);
    }

    /** Lets the page read the answer, if its origin is among those that may. */
    void apply(@Nullable String origin, MultiMap headers) {
        if (origins.isEmpty()) {
            return;
        }
        if (!origins.contains("*")) {
            headers.add("Vary", "Origin");
        }
        if (origin != null && (origins.contains("*") || origins.contains(origin))) {
            headers.set("Access-Control-Allow-Origin", origins.contains("*") ? "*" : origin);
            headers.set("Access-Control-Expose-Headers", "X-Request-Id, Retry-After");
        }
    }

    /** What a page may send, said before it sends it. */
    void preflight(@Nullable String origin, String methods, MultiMap headers) {
        apply(origin, headers);
        if (headers.contains("Access-Control-Allow-Origin")) {
            headers.set("Access-Control-Allow-Methods", methods);
            headers.set("Access-Control-Allow-Headers", "Content-Type, Authorization, X-API-Key, X-Request-Id");
            headers.set("Access-Control-Max-Age", "600");
        }
    }
}
