package dev.parlance.server.http;

import dev.parlance.server.api.Reply;
import dev.parlance.server.api.Route;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is told of a request once it is over: to the metrics, the access log and the trace. */
final class RequestRecord {
    /** The status, in logs alone, of an answer that the client did not wait for. */
    private static final int GONE = 499;

    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS");
    private static final String UNKNOWN_ROUTE = "unknown";

    private final Gate gate;
    private final HttpMethod method;
    private final String id;
    private final Instant begin = Instant.now();
    private final long beginNanos = System.nanoTime();
    private final Tracing.Request trace;
    private @Nullable Route route;
    private @Nullable KeyOptions key;
    private @Nullable String named;
    private long bytesIn;
    private int status;
    private long bytesOut;
    private Map<String, String> headers = Map.of();

    RequestRecord(Gate gate, HttpServerRequest request, String id) {
        this.gate = gate;
        this.method = request.method();
        this.id = id;
        this.trace = gate.tracing.begin(request, id, begin);
    }

    String id() {
        return id;
    }

    void admitted(@Nullable Route route, @Nullable KeyOptions key) {
        this.route = route;
        this.key = key;
    }

    /** The model that the path names, which counts only if it has answered. */
    void names(@Nullable String model) {
        named = model;
    }

    void received(long bytes) {
        bytesIn = bytes;
    }

    void replied(Reply reply) {
        status = reply.status();
        bytesOut = method.equals(HttpMethod.HEAD) ? 0 : reply.body().length;
        headers = reply.headers();
    }

    void written() {
        tell(status);
    }

    void gone() {
        tell(GONE);
    }

    private void tell(int end) {
        long nanos = System.nanoTime() - beginNanos;
        String pattern = route == null ? UNKNOWN_ROUTE : route.path();
        String said = headers.get(Reply.MODEL);
        String model = said != null ? said : end < 400 ? named : null;
        gate.metrics.answered(model == null ? "" : model, pattern, end, nanos);
        gate.log.add(new AccessLog.Entry(
                begin.truncatedTo(ChronoUnit.MICROS).toString(),
                METHODS.contains(method.name()) ? method.name() : "other",
                route == null ? null : pattern,
                model,
                end,
                nanos / 1000,
                bytesIn,
                bytesOut,
                id,
                key == null ? null : key.id()));
        trace.end(pattern, model, end, headers);
    }
}
