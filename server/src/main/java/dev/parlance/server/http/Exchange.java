package dev.parlance.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parlance.server.api.Call;
import dev.parlance.server.api.Dialect;
import dev.parlance.server.api.Reply;
import dev.parlance.server.api.Route;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request from its head to the end of its answer. All of it happens on the event loop of its connection, but for parsing a
 * large body and for what a route does.
 */
final class Exchange {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
    private static final int PARSED_AT_ONCE = 16 << 10;
    private static final int DISCARDED_AT_MOST = 8 << 20;
    private static final long LINGERING = TimeUnit.SECONDS.toNanos(2);

    /** Where it stands; each has a time by which it must be over. */
    private enum Phase {
        /** The body comes in. */
        READING,
        /** The route works. */
        ANSWERING,
        /** The answer goes out. */
        WRITING,
        /** The answer is out, but the client still sends its body. */
        LINGERING,
        DONE
    }

    private final Gate gate;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Connection connection;
    private final Context context;
    private final Admission admission;
    private final RequestRecord record;
    private final Buffer body = Buffer.buffer();
    private long discarded;
    private boolean bodyEnded;
    private boolean mustClose;
    private @Nullable Route route;
    private Map<String, String> parameters = Map.of();
    private volatile @Nullable CompletableFuture<Reply> work;
    private volatile Phase phase = Phase.READING;
    private volatile long deadline;

    Exchange(Gate gate, HttpServerRequest request, Connection connection, Context context) {
        this.gate = gate;
        this.request = request;
        this.response = request.response();
        this.connection = connection;
        this.context = context;
        this.admission = new Admission(gate, request);
        this.record = new RequestRecord(gate, request, RequestIds.of(request.getHeader("x-request-id")));
        this.deadline = System.nanoTime() + gate.limits.bodyTimeout().nanos();
    }

    /** Looks at the head, and reads the body if it may come in. */
    void begin() {
        gate.exchanges.add(this);
        connection.begin(this);
        request.exceptionHandler(e -> gone());
        response.exceptionHandler(e -> gone());
        response.closeHandler(v -> gone());
        request.endHandler(v -> bodyEnded());
        if (request.method().equals(HttpMethod.OPTIONS)) {
            request.handler(this::discard);
            phase = Phase.ANSWERING;
            write(Preflight.reply(gate, request));
            return;
        }
        try {
            RouteTable.Match match = admission.admit();
            route = match.route();
            parameters = match.parameters();
            record.admitted(match.route(), admission.key());
            record.names(parameters.get("model"));
            if (request.headers().contains("expect")) {
                response.writeContinue();
            }
            request.handler(admission.takesBody() ? this::receive : this::discard);
            if (!admission.takesBody()) {
                answer();
            }
        } catch (HttpRefusal e) {
            RouteTable.Match match = admission.match();
            record.admitted(match == null ? null : match.route(), admission.key());
            request.handler(this::discard);
            refuse(e, admission.declaredLength() > gate.limits.payloadLimit());
        }
    }

    /** Ends what has taken too long. Called by the watchdog, on its own thread. */
    void check(long nanos) {
        Phase late = phase;
        if (late != Phase.DONE && nanos - deadline > 0) {
            context.runOnContext(v -> {
                if (phase == late && System.nanoTime() - deadline > 0) {
                    expire(late);
                }
            });
        }
    }

    private void expire(Phase late) {
        switch (late) {
            case READING -> refuse(new HttpRefusal(408, "the body did not come in time"), true);
            case ANSWERING -> {
                phase = Phase.WRITING; // so that the end of the work is not taken for an answer
                giveUp();
                write(refusal(504, "the answer took too long", Map.of()));
            }
            default -> cutOff();
        }
    }

    // --- the body
    // -----------------------------------------------------------------------------------------------------

    private void receive(Buffer piece) {
        if (phase != Phase.READING) {
            discard(piece);
        } else if ((long) body.length() + piece.length() > gate.limits.payloadLimit()) {
            refuse(admission.tooLarge(), true);
        } else if (!gate.reserve(piece.length())) {
            refuse(
                    new HttpRefusal(
                            429,
                            "the server has as many bodies in memory as it takes; try again later",
                            Map.of("Retry-After", "1")),
                    false);
        } else {
            body.appendBuffer(piece);
        }
    }

    /** A client that has its answer may send the rest of a body of usual size, so that its connection can go on. */
    private void discard(Buffer piece) {
        discarded += piece.length();
        if (discarded > Math.max(DISCARDED_AT_MOST, gate.limits.payloadLimit())) {
            cutOff();
        }
    }

    private void bodyEnded() {
        bodyEnded = true;
        if (phase == Phase.READING) {
            answer();
        } else if (phase == Phase.LINGERING) {
            finish();
        }
    }

    // --- the answer
    // ---------------------------------------------------------------------------------------------------

    private void answer() {
        phase = Phase.ANSWERING;
        long most = gate.limits.requestTimeout().nanos();
        deadline = System.nanoTime() + most + most / 10; // what answers knows the time, too, and says more
        record.received(body.length());
        Route found = route;
        if (found == null) {
            throw new IllegalStateException("a request is answered by a route");
        }
        if (body.length() > PARSED_AT_ONCE || found.access() == Route.Access.ADMIN) { // loading a model takes seconds
            gate.vertx.executeBlocking(
                    () -> {
                        call(found);
                        return Boolean.TRUE;
                    },
                    false);
        } else {
            call(found);
        }
    }

    private void call(Route found) {
        CompletableFuture<Reply> running;
        try {
            JsonNode json = body.length() == 0 ? null : gate.json.parse(body.getBytes());
            Call call = new Call(parameters, query(), headers(), json);
            running = found.handler().handle(call).toCompletableFuture();
        } catch (HttpRefusal e) {
            running = CompletableFuture.completedFuture(refusal(e.status(), e.reason(), e.headers()));
        } catch (RuntimeException | StackOverflowError e) {
            running = CompletableFuture.failedFuture(e);
        }
        work = running;
        if (phase == Phase.DONE) {
            giveUp();
        }
        CompletableFuture<Reply> unused = running.whenComplete((reply, failure) -> {
            if (Vertx.currentContext() == context) {
                answered(reply, failure);
            } else {
                context.runOnContext(v -> answered(reply, failure));
            }
        });
    }

    private Map<String, String> query() {
        String query = request.query();
        return query == null ? Map.of() : RequestPath.query(query);
    }

    private Map<String, String> headers() {
        Map<String, String> headers = new HashMap<>();
        for (Map.Entry<String, String> header : request.headers()) {
            headers.putIfAbsent(header.getKey().toLowerCase(Locale.ROOT), header.getValue());
        }
        return headers;
    }

    private void answered(@Nullable Reply reply, @Nullable Throwable failure) {
        if (phase != Phase.ANSWERING) {
            return;
        }
        if (reply == null) {
            LOG.error("request {} failed", record.id(), failure);
            write(refusal(500, "the server failed on this request; its log says where", Map.of()));
        } else {
            write(reply);
        }
    }

    /** Tells a client why it gets no answer; if the connection must end, the rest of the body is not waited for. */
    private void refuse(HttpRefusal refusal, boolean close) {
        mustClose |= close;
        phase = Phase.ANSWERING;
        write(refusal(refusal.status(), refusal.reason(), refusal.headers()));
    }

    private Reply refusal(int status, String message, Map<String, String> headers) {
        Reply reply = Dialect.of(String.valueOf(request.path())).refuse(status, message);
        Map<String, String> all = new HashMap<>(reply.headers());
        all.putAll(headers);
        return new Reply(reply.status(), reply.contentType(), reply.body(), all);
    }

    private void write(Reply reply) {
        phase = Phase.WRITING;
        deadline = System.nanoTime() + gate.limits.responseTimeout().nanos();
        boolean noBody = reply.status() == 204 || reply.status() == 304;
        mustClose |= gate.draining();
        response.setStatusCode(reply.status());
        reply.headers().forEach(response::putHeader);
        if (!noBody) {
            response.putHeader("Content-Type", reply.contentType());
            response.putHeader("Content-Length", Integer.toString(reply.body().length));
        }
        response.putHeader("Date", gate.date()).putHeader("X-Request-Id", record.id());
        if (mustClose && request.version() != HttpVersion.HTTP_2) {
            response.putHeader("Connection", "close");
        }
        SecurityHeaders.apply(reply.contentType(), response.headers());
        if (!request.method().equals(HttpMethod.OPTIONS)) {
            gate.cors.apply(request.getHeader("origin"), response.headers());
        }
        record.replied(reply);
        boolean silent = noBody || request.method().equals(HttpMethod.HEAD);
        (silent ? response.end() : response.end(Buffer.buffer(reply.body()))).onComplete(sent -> {
            if (sent.succeeded()) {
                written();
            } else {
                gone();
            }
        });
    }

    private void written() {
        if (phase != Phase.WRITING) {
            return;
        }
        record.written();
        admission.leave();
        if (bodyEnded) {
            finish();
        } else {
            phase = Phase.LINGERING;
            deadline = mustClose ? System.nanoTime() + LINGERING : deadline;
        }
    }

    // --- the end
    // ------------------------------------------------------------------------------------------------------

    /** Ends a stream of HTTP/2, or the whole connection. */
    private void cutOff() {
        if (request.version() == HttpVersion.HTTP_2) {
            response.reset();
            gone();
        } else {
            connection.close();
        }
    }

    /** The client has gone away. Called on the event loop of the connection. */
    void gone() {
        if (phase != Phase.DONE) {
            if (phase != Phase.LINGERING) {
                record.gone();
            }
            giveUp();
            finish();
        }
    }

    private void giveUp() {
        CompletableFuture<Reply> running = work;
        if (running != null) {
            running.cancel(true);
        }
    }

    private void finish() {
        phase = Phase.DONE;
        gate.exchanges.remove(this);
        gate.release(body.length());
        admission.leave();
        connection.end(this, System.nanoTime());
        if (mustClose && request.version() != HttpVersion.HTTP_2) {
            connection.close();
        }
    }
}
