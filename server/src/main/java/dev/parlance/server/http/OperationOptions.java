package dev.parlance.server.http;

import dev.parlance.config.UserError;
import org.jspecify.annotations.Nullable;

/**
 * What is told of the server, and how it ends.
 *
 * @param accessLog a line of JSON for each request goes to {@code stdout}, {@code stderr}, a file, or nowhere: {@code off}
 * @param accessLogMaxBytes a file that is larger is put aside as FILE.1
 * @param accessLogFiles how many files there are at most
 * @param jsonOutput whether what is said of the start and the end is JSON
 * @param metricsAccess who may read {@code /metrics}: {@code public}, {@code client} (a key, if keys are set) or {@code admin}
 * @param otlpEndpoint where traces go, for example {@code http://localhost:4318}; null for none
 * @param otlpServiceName what traces call this server
 * @param traceRatio share, from 0 to 1, of the requests without a trace of their caller's that are traced
 * @param drainDelay how long requests are still taken after readiness has turned 503
 * @param drainTimeout how long requests in flight may take then
 * @param eventLoops threads for connections; 0 is one for each two processors
 */
public record OperationOptions(
        String accessLog,
        long accessLogMaxBytes,
        int accessLogFiles,
        boolean jsonOutput,
        String metricsAccess,
        @Nullable String otlpEndpoint,
        String otlpServiceName,
        double traceRatio,
        TimeSpan drainDelay,
        TimeSpan drainTimeout,
        int eventLoops) {
    public OperationOptions {
        Ranges.check("operations.access_log_max_bytes", accessLogMaxBytes, 1 << 16, 1L << 40);
        Ranges.check("operations.access_log_files", accessLogFiles, 1, 1000);
        Ranges.oneOf("operations.metrics_access", metricsAccess, "public", "client", "admin");
        Ranges.check("operations.trace_ratio", traceRatio, 0, 1);
        Ranges.check("operations.event_loops", eventLoops, 0, 1024);
        if (otlpEndpoint != null && !otlpEndpoint.matches("https?://[^\\s/]+(/\\S*)?")) {
            throw new UserError("operations.otlp_endpoint is '" + otlpEndpoint
                    + "', expected an address such as http://localhost:4318");
        }
    }

    static OperationOptions defaults() {
        return new OperationOptions(
                "stdout",
                64 << 20,
                4,
                false,
                "client",
                null,
                "parlance",
                1,
                TimeSpan.ofSeconds(0),
                TimeSpan.ofSeconds(30),
                0);
    }

    int eventLoopThreads() {
        return eventLoops > 0 ? eventLoops : Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    }
}
