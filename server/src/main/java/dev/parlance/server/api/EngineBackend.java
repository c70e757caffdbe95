package dev.parlance.server.api;

import dev.parlance.data.Example;
import dev.parlance.server.engine.Answer;
import dev.parlance.server.engine.Engine;
import dev.parlance.server.engine.ModelInfo;
import dev.parlance.server.engine.ModelSpec;
import dev.parlance.server.engine.Models;
import dev.parlance.server.engine.Request;
import dev.parlance.tokenize.Encoding;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The engine as the routes see it. */
final class EngineBackend implements Backend {
    private final Engine engine;

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
        throw new UnsupportedOperationException();
    }

    @Override
    public PageBodies.StatsReply stats() {
        throw new UnsupportedOperationException();
    }
}
