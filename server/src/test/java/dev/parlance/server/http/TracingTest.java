package dev.parlance.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlance.server.api.Reply;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TracingTest {
    @Test
    void a_request_is_a_span_of_its_callers_trace_with_the_parts_below() throws Exception {
        InMemorySpanExporter exporter = InMemorySpanExporter.create();
        try (SdkTracerProvider provider = SdkTracerProvider.builder()
                        .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                        .build();
                OpenTelemetrySdk telemetry =
                        OpenTelemetrySdk.builder().setTracerProvider(provider).build();
                Served served = Served.start(options -> options, telemetry);
                RawHttp raw = new RawHttp(served.port())) {
            raw.send(RawHttp.post(
                    "/slow", "{}", "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
            var work = served.slow.poll(5, TimeUnit.SECONDS);
            assertThat(work).isNotNull();
            work.complete(Served.json(
                    200,
                    Map.of(),
                    Map.of(
                            "x-tokenization-time",
                            "1",
                            "x-queue-time",
                            "2.5",
                            "x-inference-time",
                            "7",
                            Reply.MODEL,
                            "reviews")));
            assertThat(raw.read().status()).isEqualTo(200);
            List<SpanData> spans = List.of();
            for (int i = 0; i < 250 && spans.size() < 4; i++) {
                spans = exporter.getFinishedSpanItems();
                TimeUnit.MILLISECONDS.sleep(10);
            }
            assertThat(spans)
                    .extracting(SpanData::getName)
                    .containsExactlyInAnyOrder("tokenization", "queue", "inference", "/slow");
            assertThat(spans).allMatch(span -> span.getTraceId().equals("0af7651916cd43dd8448eb211c80319c"));
            SpanData request = named(spans, "/slow");
            assertThat(request.getParentSpanId()).isEqualTo("b7ad6b7169203331");
            assertThat(request.getKind()).isEqualTo(SpanKind.SERVER);
            assertThat(request.getAttributes().get(AttributeKey.stringKey("parlance.model")))
                    .isEqualTo("reviews");
            assertThat(request.getAttributes().get(AttributeKey.longKey("http.response.status_code")))
                    .isEqualTo(200);
            SpanData inference = named(spans, "inference");
            assertThat(inference.getParentSpanId()).isEqualTo(request.getSpanId());
            assertThat(inference.getEndEpochNanos() - inference.getStartEpochNanos())
                    .isEqualTo(7_000_000);
            assertThat(inference.getStartEpochNanos())
                    .isEqualTo(named(spans, "queue").getEndEpochNanos());
        }
    }

    private static SpanData named(List<SpanData> spans, String name) {
        return spans.stream()
                .filter(span -> span.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
