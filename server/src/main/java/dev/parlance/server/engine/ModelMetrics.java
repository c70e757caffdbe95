package dev.parlance.server.engine;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * What is counted of one version of a model, for Prometheus and for {@link Stats}. A version that replaces another of its name
 * goes on counting. Safe for concurrent use.
 */
final class ModelMetrics {
    private static final Duration[] TIMES = {
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(20),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(200),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30)
    };
    private static final double[] INPUTS = {1, 2, 4, 8, 16, 32, 64, 128, 256};
    private static final double[] TOKENS = {16, 64, 256, 512, 1024, 2048, 4096, 8192, 16_384};
    private static final double[] SHARES = {0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5};

    private final Counter requests;
    private final Counter cancelled;
    private final Map<Refusal.Kind, Counter> rejected = new EnumMap<>(Refusal.Kind.class);
    private final Counter cacheHits;
    private final Counter cacheMisses;
    private final Counter collapsed;
    private final Map<ShadowResult, Counter> shadow = new EnumMap<>(ShadowResult.class);
    private final Timer tokenization;
    private final Timer queue;
    private final Timer inference;
    private final DistributionSummary batchSize;
    private final DistributionSummary batchTokens;
    private final DistributionSummary realTokens;
    private final DistributionSummary padding;
    private final LatencyWindow latency = new LatencyWindow();

    /** What became of a copy that a shadow version got. */
    enum ShadowResult {
        /** It said what the answering version said. */
        AGREED,
        /** It said something else. */
        DIFFERED,
        /** It gave no answer. */
        FAILED,
        /** Too many copies waited already. */
        DROPPED
    }

    ModelMetrics(MeterRegistry registry, String model, String version) {
        Tags tags = Tags.of("model", model, "version", version);
        requests = counter(registry, "parlance.model.requests", "Requests answered", tags);
        cancelled = counter(registry, "parlance.cancelled", "Requests given up by their clients", tags);
        for (Refusal.Kind kind : Refusal.Kind.values()) {
            rejected.put(kind, rejections(registry, tags, kind));
        }
        cacheHits = counter(registry, "parlance.cache.hits", "Inputs answered from the cache", tags);
        cacheMisses = counter(registry, "parlance.cache.misses", "Inputs not found in the cache", tags);
        collapsed = counter(registry, "parlance.collapsed", "Inputs that joined an equal one in flight", tags);
        for (ShadowResult result : ShadowResult.values()) {
            Tags withResult = tags.and("result", result.name().toLowerCase(Locale.ROOT));
            shadow.put(result, counter(registry, "parlance.shadow", "Copies for a shadow version", withResult));
        }
        tokenization = timer(registry, "parlance.tokenization.duration", "Time to tokenize a request", tags);
        queue = timer(registry, "parlance.queue.duration", "Time that an input waits for a batch", tags);
        inference = timer(registry, "parlance.inference.duration", "Time that a batch runs", tags);
        batchSize = summary(registry, "parlance.batch.size", "Inputs of a batch", tags, INPUTS);
        batchTokens = summary(registry, "parlance.batch.tokens", "Tokens of a batch with padding", tags, TOKENS);
        realTokens = summary(registry, "parlance.batch.real.tokens", "Tokens of a batch without padding", tags);
        padding = summary(registry, "parlance.batch.padding", "Share of a batch that is padding", tags, SHARES);
    }

    /** Counts a request for which there is no model. */
    static void rejectedWithoutModel(MeterRegistry registry, Refusal.Kind kind) {
        rejections(registry, Tags.of("model", "", "version", ""), kind).increment();
    }

    void answered(long nanos) {
        requests.increment();
        latency.record(nanos);
    }

    void cancelled() {
        cancelled.increment();
    }

    void rejected(Refusal.Kind kind) {
        Objects.requireNonNull(rejected.get(kind)).increment();
    }

    void looked(boolean found) {
        (found ? cacheHits : cacheMisses).increment();
    }

    void collapsed() {
        collapsed.increment();
    }

    void shadow(ShadowResult result) {
        Objects.requireNonNull(shadow.get(result)).increment();
    }

    void tokenized(long nanos) {
        tokenization.record(nanos, TimeUnit.NANOSECONDS);
    }

    void waited(long nanos) {
        queue.record(nanos, TimeUnit.NANOSECONDS);
    }

    void ran(BatchShape batch, long nanos) {
        inference.record(nanos, TimeUnit.NANOSECONDS);
        batchSize.record(batch.rows());
        batchTokens.record((double) batch.padded());
        realTokens.record((double) batch.tokens());
        padding.record(1 - (double) batch.tokens() / batch.padded());
    }

    LatencyWindow latency() {
        return latency;
    }

    /** What was counted, with what is so at the moment. */
    Stats stats(ModelInfo info, int inFlight, BatchQueue waiting, double tokensPerSecond) {
        Map<Refusal.Kind, Long> refused = new EnumMap<>(Refusal.Kind.class);
        rejected.forEach((kind, counter) -> refused.put(kind, (long) counter.count()));
        return new Stats(
                info.name(),
                info.version(),
                (long) requests.count(),
                refused,
                (long) cancelled.count(),
                (long) batchSize.totalAmount(),
                (long) realTokens.totalAmount(),
                (long) batchTokens.totalAmount(),
                batchSize.count(),
                inference.totalTime(TimeUnit.SECONDS),
                (long) collapsed.count(),
                (long) cacheHits.count(),
                (long) cacheMisses.count(),
                inFlight,
                waiting.size(),
                waiting.tokens(),
                tokensPerSecond,
                latency.read());
    }

    private static Counter rejections(MeterRegistry registry, Tags tags, Refusal.Kind kind) {
        Tags withReason = tags.and("reason", kind.name().toLowerCase(Locale.ROOT));
        return counter(registry, "parlance.rejected", "Requests refused", withReason);
    }

    private static Counter counter(MeterRegistry registry, String name, String description, Tags tags) {
        return Counter.builder(name).description(description).tags(tags).register(registry);
    }

    private static Timer timer(MeterRegistry registry, String name, String description, Tags tags) {
        return Timer.builder(name)
                .description(description)
                .tags(tags)
                .serviceLevelObjectives(TIMES)
                .register(registry);
    }

    private static DistributionSummary summary(
            MeterRegistry registry, String name, String description, Tags tags, double... bounds) {
        DistributionSummary.Builder builder =
                DistributionSummary.builder(name).description(description).tags(tags);
        return (bounds.length == 0 ? builder : builder.serviceLevelObjectives(bounds)).register(registry);
    }
}
