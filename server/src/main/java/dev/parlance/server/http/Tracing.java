package dev.parlance.server.http;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Spans of OpenTelemetry: one for each request, within the trace that its {@code traceparent} names, and below it where the
 * time went, as the answer's headers say. Names are those of OpenTelemetry's conventions for HTTP.
 */
final class Tracing {
    /** Headers that say in milliseconds how long a part took, one after the other. */
    private static final Map<String, String> PARTS =
            Map.of("tokenization", "x-tokenization-time", "queue", "x-queue-time", "inference", "x-inference-time");

    private static final String[] ORDER = {"tokenization", "queue", "inference"};

    private static final TextMapGetter<HttpServerRequest> HEADERS = new TextMapGetter<>() {
        @Override
        public @Nullable String get(@Nullable HttpServerRequest request, String name) {
            return request == null ? null : request.getHeader(name);
        }
    };

    private final @Nullable Tracer tracer;

    Tracing(OpenTelemetry telemetry) {
        this.tracer = telemetry == OpenTelemetry.noop() ? null : telemetry.getTracer("dev.parlance.server");
    }

    Request begin(HttpServerRequest request, String id, Instant time) {
        Tracer traces = tracer;
        if (traces == null) {
            return new Request(null, null, time);
        }
        String method = request.method().name();
        Context parent = W3CTraceContextPropagator.getInstance().extract(Context.root(), request, HEADERS);
        Span span = traces.spanBuilder(method)
                .setParent(parent)
                .setSpanKind(SpanKind.SERVER)
                .setStartTimestamp(time)
                .setAttribute("http.request.method", method)
                .setAttribute("url.scheme", request.isSSL() ? "https" : "http")
                .setAttribute("parlance.request.id", id)
                .startSpan();
        return new Request(traces, span, time);
    }

    /** The span of a request; none if nobody traces. */
    static final class Request {
        private final @Nullable Tracer tracer;
        private final @Nullable Span span;
        private final Instant begin;

        private Request(@Nullable Tracer tracer, @Nullable Span span, Instant begin) {
            this.tracer = tracer;
            this.span = span;
            this.begin = begin;
        }

        void end(String route, @Nullable String model, int status, Map<String, String> headers) {
            if (span == null || tracer == null) {
                return;
            }
            span.updateName(route).setAttribute("http.route", route).setAttribute("http.response.status_code", status);
            if (model != null) {
                span.setAttribute("parlance.model", model);
            }
            if (status >= 500) {
                span.setStatus(StatusCode.ERROR);
            }
            parts(tracer, span, headers);
            span.end();
        }

        private void parts(Tracer traces, Span parent, Map<String, String> headers) {
            Instant at = begin;
            for (String part : ORDER) {
                Duration length = duration(headers, PARTS.getOrDefault(part, part));
                if (length != null) {
                    Span child = traces.spanBuilder(part)
                            .setParent(Context.root().with(parent))
                            .setStartTimestamp(at)
                            .startSpan();
                    at = at.plus(length);
                    child.end(at);
                }
            }
        }

        private static @Nullable Duration duration(Map<String, String> headers, String name) {
            for (Map.Entry<String, String> header : headers.entrySet()) {
                if (header.getKey().equalsIgnoreCase(name) && header.getValue().matches("\\d{1,9}(\\.\\d+)?")) {
                    return Duration.ofNanos(Math.round(Double.parseDouble(header.getValue()) * 1e6));
                }
            }
            return null;
        }
    }
}
