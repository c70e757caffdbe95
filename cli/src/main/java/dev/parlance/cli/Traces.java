package dev.parlance.cli;

import dev.parlance.server.http.OperationOptions;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import org.jspecify.annotations.Nullable;

/** Where the traces of a server go: to a collector, by OTLP over HTTP, or nowhere. */
final class Traces implements AutoCloseable {
    private static final String PATH = "/v1/traces";

    private final @Nullable OpenTelemetrySdk sdk;

    private Traces(@Nullable OpenTelemetrySdk sdk) {
        this.sdk = sdk;
    }

    static Traces of(OperationOptions options) {
        String endpoint = options.otlpEndpoint();
        if (endpoint == null) {
            return new Traces(null);
        }
        String url = endpoint.endsWith(PATH) ? endpoint : endpoint.replaceAll("/+$", "") + PATH;
        SdkTracerProvider provider = SdkTracerProvider.builder()
                .setResource(Resource.getDefault()
                        .merge(Resource.builder()
                                .put(AttributeKey.stringKey("service.name"), options.otlpServiceName())
                                .build()))
                .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(options.traceRatio())))
                .addSpanProcessor(BatchSpanProcessor.builder(
                                OtlpHttpSpanExporter.builder().setEndpoint(url).build())
                        .build())
                .build();
        return new Traces(OpenTelemetrySdk.builder().setTracerProvider(provider).build());
    }

    OpenTelemetry telemetry() {
        return sdk == null ? OpenTelemetry.noop() : sdk;
    }

    /** Sends what has not been sent. */
    @Override
    public void close() {
        if (sdk != null) {
            sdk.close();
        }
    }
}
