package dev.parlance.server.api;

import dev.parlance.data.Example;
import dev.parlance.server.engine.Answer;
import dev.parlance.server.engine.ModelInfo;
import dev.parlance.server.engine.ModelSpec;
import dev.parlance.server.engine.Models;
import dev.parlance.server.engine.Request;
import dev.parlance.tokenize.Encoding;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What the routes need of an engine; the engine itself, or a made-up one in tests that need no model. */
interface Backend {
    CompletableFuture<Answer> submit(Request request);

    CompletableFuture<List<Encoding>> tokenize(
            String model, @Nullable String version, List<Example> inputs, boolean addSpecialTokens);

    CompletableFuture<List<String>> decode(
            String model, @Nullable String version, List<int[]> ids, boolean skipSpecialTokens);

    List<ModelInfo> list();

    ModelInfo get(String name, @Nullable String version);

    ModelInfo load(ModelSpec spec);

    void unload(String name, @Nullable String version);

    void route(String name, Models.Traffic traffic);

    Models.Traffic traffic(String name);

    boolean ready();

    Limits limits();

    PageBodies.StatsReply stats();
}
