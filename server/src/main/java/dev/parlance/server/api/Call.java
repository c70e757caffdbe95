package dev.parlance.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request as a route sees it: parsed, within the bounds of the server, and allowed.
 *
 * @param path the values of the path's parameters, decoded
 * @param query the values of the query's parameters, decoded; of one that is there twice the first
 * @param headers by lower-case name; of one that is there twice the first
 * @param body the body, parsed strictly (no duplicate keys, bounded depth and numbers); null if there is none
 */
public record Call(
        Map<String, String> path,
        Map<String, String> query,
        Map<String, String> headers,
        @Nullable JsonNode body) {
    public Call {
        path = Map.copyOf(path);
        query = Map.copyOf(query);
        headers = Map.copyOf(headers);
    }

    /** The value of a parameter that the route's path has. */
    String parameter(String name) {
        String value = path.get(name);
        if (value == null) {
            throw new IllegalStateException("the path has no parameter " + name);
        }
        return value;
    }
}
