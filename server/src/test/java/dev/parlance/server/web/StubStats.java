package dev.parlance.server.web;

import java.util.List;
import java.util.Map;

/** Numbers of a server that has been asked so often, with a little life in them. */
final class StubStats {
    private StubStats() {}

    static Map<String, Object> at(int asked) {
        double seconds = System.nanoTime() / 1e9;
        double wave = 1 + Math.sin(seconds / 9) / 3 + Math.sin(seconds * 1.7) / 12;
        long total = Math.round(40 * seconds + 100 * Math.sin(seconds / 9)) + asked;
        Map<String, Object> model = Map.ofEntries(
                Map.entry("name", "reviews"),
                Map.entry("version", "2"),
                Map.entry("requests_total", total),
                Map.entry("inputs_total", total * 2),
                Map.entry("tokens_total", total * 50),
                Map.entry("padding_total", total * 2),
                Map.entry("batches_total", total / 4),
                Map.entry("batch_seconds_total", total / 90.0),
                Map.entry("queue_inputs", Math.round(6 * wave)),
                Map.entry("queue_tokens", Math.round(160 * wave)),
                Map.entry(
                        "latency_seconds",
                        Map.of("p50", 0.011 * wave, "p90", 0.02 * wave, "p99", 0.041 * wave, "max", 0.08)));
        return Map.of(
                "uptime_seconds",
                seconds,
                "ready",
                true,
                "requests_total",
                total,
                "refused_total",
                Map.of("overloaded", Math.round(seconds / 2), "too_large", 1),
                "in_flight",
                4,
                "models",
                List.of(model),
                "limits",
                Map.of("max_batch_tokens", 16384, "max_concurrent_requests", 512, "max_client_batch_size", 32));
    }
}
