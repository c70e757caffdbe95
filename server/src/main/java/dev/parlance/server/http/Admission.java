package dev.parlance.server.http;

import dev.parlance.server.api.Route.Access;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Looks at the head of a request, before a byte of its body is read. What it has found out stands also if it refuses. */
final class Admission {
    private static final Set<String> WITH_BODY = Set.of("POST", "PUT");
    private static final Pattern JSON =
            Pattern.compile("(?i)application/(json|[a-z0-9.-]+\\+json)\\s*(;\\s*charset=\"?utf-?8\"?\\s*)?");

    private final Gate gate;
    private final HttpServerRequest request;
    private final MultiMap headers;
    private RouteTable.@Nullable Match match;
    private @Nullable KeyOptions key;
    private boolean entered;

    Admission(Gate gate, HttpServerRequest request) {
        this.gate = gate;
        this.request = request;
        this.headers = request.headers();
    }

    /**
     * The route that may answer.
     *
     * @throws HttpRefusal why none may
     */
    RouteTable.Match admit() {
        checkHead();
        RequestPath path = RequestPath.of(request.path() == null ? "" : request.path());
        if (gate.draining() && isReadiness(path.text())) {
            throw new HttpRefusal(503, "the server is shutting down");
        }
        RouteTable.Match found = gate.routes.find(request.method().name(), path);
        match = found;
        Access access = found.route().access();
        key = gate.keys.admit(access, header("authorization"), header("x-api-key"));
        boolean asksForWork = WITH_BODY.contains(request.method().name()); // statistics are told under any load
        if (asksForWork && access == Access.CLIENT) {
            checkRate();
        }
        checkBody();
        if (asksForWork && access != Access.PUBLIC) {
            entered = gate.enter();
            if (!entered) {
                throw new HttpRefusal(
                        429,
                        "the server is answering " + gate.limits.maxConcurrentRequests()
                                + " requests, which is all it takes at once; try again later",
                        Map.of("Retry-After", "1"));
            }
        }
        return found;
    }

    /** The route, once it was found. */
    RouteTable.@Nullable Match match() {
        return match;
    }

    /** The key that the client has shown, once it was found. */
    @Nullable
    KeyOptions key() {
        return key;
    }

    /** Whether a body is to be read and parsed. */
    boolean takesBody() {
        return hasBody() && WITH_BODY.contains(request.method().name());
    }

    /** Gives the place back that was taken. */
    void leave() {
        if (entered) {
            entered = false;
            gate.leave();
        }
    }

    private void checkHead() {
        if (headers.size() > gate.limits.maxHeaders()) {
            throw new HttpRefusal(431, "the request has more than " + gate.limits.maxHeaders() + " headers");
        }
        int hosts = headers.getAll("host").size();
        if (request.version() == HttpVersion.HTTP_1_1 && hosts != 1) {
            throw new HttpRefusal(400, "the request has " + hosts + " Host headers, expected one");
        }
    }

    private static boolean isReadiness(String path) {
        return path.equals("/health") || path.endsWith("/ready");
    }

    private void checkRate() {
        String address = String.valueOf(
                request.remoteAddress() == null ? null : request.remoteAddress().hostAddress());
        long wait = gate.rates.take(key, address, System.nanoTime());
        if (wait > 0) {
            long seconds = Math.max(1, (wait + TimeUnit.SECONDS.toNanos(1) - 1) / TimeUnit.SECONDS.toNanos(1));
            throw new HttpRefusal(
                    429, "too many requests; try again later", Map.of("Retry-After", Long.toString(seconds)));
        }
    }

    private void checkBody() {
        if (!hasBody()) {
            return;
        }
        long length = declaredLength();
        if (length > gate.limits.payloadLimit()) {
            throw tooLarge();
        }
        String expect = header("expect");
        if (expect != null && !expect.equalsIgnoreCase("100-continue")) {
            throw new HttpRefusal(417, "the Expect header asks for what this server does not do");
        }
        if (!takesBody()) {
            return;
        }
        String encoding = header("content-encoding");
        if (encoding != null && !encoding.strip().toLowerCase(Locale.ROOT).equals("identity")) {
            throw new HttpRefusal(
                    415, "the body is compressed, expected it as it is", Map.of("Accept-Encoding", "identity"));
        }
        String type = header("content-type");
        if (type == null || !JSON.matcher(type.strip()).matches()) {
            throw new HttpRefusal(
                    415,
                    "the Content-Type is missing or another, expected application/json",
                    Map.of("Accept", "application/json"));
        }
    }

    /** Whether the head announces a body. */
    private boolean hasBody() {
        return headers.contains("transfer-encoding")
                || declaredLength() > 0
                || (request.version() == HttpVersion.HTTP_2 && !request.isEnded());
    }

    /** The length that the head announces; -1 if it does not say. */
    long declaredLength() {
        String length = header("content-length");
        if (length == null) {
            return -1;
        }
        try {
            return Long.parseLong(length.strip());
        } catch (NumberFormatException e) {
            throw new HttpRefusal(400, "the Content-Length is no number");
        }
    }

    HttpRefusal tooLarge() {
        return new HttpRefusal(413, "the body is too large, expected at most " + gate.limits.payloadLimit() + " bytes");
    }

    private @Nullable String header(String name) {
        return headers.get(name);
    }
}
