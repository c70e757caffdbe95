package dev.parlance.server.api;

import dev.parlance.data.Example;
import dev.parlance.server.api.PageBodies.Quantiles;
import dev.parlance.server.api.PageBodies.StatsLimits;
import dev.parlance.server.api.PageBodies.StatsReply;
import dev.parlance.server.api.PageBodies.VersionStats;
import dev.parlance.server.engine.Answer;
import dev.parlance.server.engine.Engine;
import dev.parlance.server.engine.EngineOptions;
import dev.parlance.server.engine.ModelInfo;
import dev.parlance.server.engine.ModelSpec;
import dev.parlance.server.engine.Models;
import dev.parlance.server.engine.Request;
import dev.parlance.server.engine.Stats;
import dev.parlance.tokenize.Encoding;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The engine as the routes see it. */
final class EngineBackend implements Backend {
    private final Engine engine;
    private final long started = System.nanoTime();

    EngineBackend(Engine engine) {
        this.engine = engine;
    }

    @Override
    public CompletableFuture<Answer> submit(Request request) {
        return engine.submit(request);
    }

    @Override
    public CompletableFuture<List<Encoding>> tokenize(
            String model, @Nullable String version, List<Example> inputs, boolean addSpecialTokens) {
        return engine.tokenize(model, version, inputs, addSpecialTokens);
    }

    @Override
    public CompletableFuture<List<String>> decode(
            String model, @Nullable String version, List<int[]> ids, boolean skipSpecialTokens) {
        return engine.decode(model, version, ids, skipSpecialTokens);
    }

    @Override
    public List<ModelInfo> list() {
        return engine.models().list();
    }

    @Override
    public ModelInfo get(String name, @Nullable String version) {
        return engine.models().get(name, version);
    }

    @Override
    public ModelInfo load(ModelSpec spec) {
        return engine.models().load(spec);
    }

    @Override
    public void unload(String name, @Nullable String version) {
        engine.models().unload(name, version);
    }

    @Override
    public void route(String name, Models.Traffic traffic) {
        engine.models().route(name, traffic);
    }

    @Override
    public Models.Traffic traffic(String name) {
        return engine.models().traffic(name);
    }

    @Override
    public boolean ready() {
        return engine.models().ready();
    }

    @Override
    public Limits limits() {
        EngineOptions options = engine.options();
        int threads = options.tokenizationThreads();
        return new Limits(
                options.maxConcurrentRequests(),
                options.maxBatchTokens(),
                options.maxClientBatchSize(),
                options.autoTruncate(),
                threads > 0 ? threads : Runtime.getRuntime().availableProcessors());
    }

    @Override
    public StatsReply stats() {
        List<Stats> all = engine.stats();
        Map<String, Long> refused = new TreeMap<>();
        all.forEach(one -> one.refused()
                .forEach((kind, count) -> refused.merge(kind.name().toLowerCase(Locale.ROOT), count, Long::sum)));
        return new StatsReply(
                (System.nanoTime() - started) / 1e9,
                engine.models().ready(),
                all.stream().mapToLong(one -> one.requests() + one.unanswered()).sum(),
                refused,
                all.stream().mapToInt(Stats::inFlight).sum(),
                all.stream().map(EngineBackend::version).toList(),
                new StatsLimits(
                        engine.options().maxBatchTokens(),
                        engine.options().maxConcurrentRequests(),
                        engine.options().maxClientBatchSize()));
    }

    private static VersionStats version(Stats stats) {
        Stats.Latency latency = stats.latency();
        return new VersionStats(
                stats.model(),
                stats.version(),
                stats.requests() + stats.unanswered(),
                stats.inputs(),
                stats.tokens(),
                stats.paddedTokens() - stats.tokens(),
                stats.batches(),
                stats.inferenceSeconds(),
                stats.queuedInputs(),
                stats.queuedTokens(),
                new Quantiles(latency.p50() / 1e3, latency.p90() / 1e3, latency.p99() / 1e3, latency.max() / 1e3));
    }
}
