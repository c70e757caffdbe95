package dev.parlance.server.http;

import dev.parlance.server.api.Route;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds the route of a request: one whose path is the same, else the first whose parameters fit. */
final class RouteTable {
    /** A route and the values of its path's parameters. */
    record Match(Route route, Map<String, String> parameters) {}

    private record Entry(PathPattern pattern, Map<String, Route> methods) {}

    private final Map<String, Map<String, Route>> literals = new HashMap<>();
    private final List<Entry> patterns = new ArrayList<>();

    RouteTable(List<Route> routes) {
        Map<String, Map<String, Route>> byPath = new LinkedHashMap<>();
        for (Route route : routes) {
            Route other = byPath.computeIfAbsent(route.path(), path -> new TreeMap<>())
                    .putIfAbsent(route.method(), route);
            if (other != null) {
                throw new IllegalArgumentException("two routes for " + route.method() + " " + route.path());
            }
        }
        byPath.forEach((path, methods) -> {
            PathPattern pattern = PathPattern.of(path);
            if (pattern.isLiteral()) {
                literals.put(path, methods);
            } else {
                patterns.add(new Entry(pattern, methods));
            }
        });
    }

    /**
     * The route for a method and a path. HEAD is answered by the route of GET.
     *
     * @throws HttpRefusal 404 if no route has such a path, 405 if it has other methods
     */
    Match find(String method, RequestPath path) {
        String wanted = method.equals("HEAD") ? "GET" : method;
        Set<String> allowed = new TreeSet<>();
        Map<String, Route> exact = literals.get(path.text());
        if (exact != null) {
            Match match = match(exact, wanted, Map.of(), allowed);
            if (match != null) {
                return match;
            }
        }
        for (Entry entry : patterns) {
            Map<String, String> values = entry.pattern().match(path.segments());
            Match match = values == null ? null : match(entry.methods(), wanted, values, allowed);
            if (match != null) {
                return match;
            }
        }
        if (allowed.isEmpty()) {
            throw new HttpRefusal(404, "there is nothing at this path; /openapi.json says what there is");
        }
        if (allowed.contains("GET")) {
            allowed.add("HEAD");
        }
        allowed.add("OPTIONS");
        String methods = String.join(", ", allowed);
        throw new HttpRefusal(405, "this path takes " + methods, Map.of("Allow", methods));
    }

    private static @Nullable Match match(
            Map<String, Route> methods, String method, Map<String, String> values, Set<String> allowed) {
        Route route = methods.get(method);
        if (route != null) {
            return new Match(route, values);
        }
        allowed.addAll(methods.keySet());
        return null;
    }
}
