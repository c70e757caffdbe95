package dev.parlance.server.api;

import static dev.parlance.server.api.Dialect.PARLANCE;

import dev.parlance.server.api.AdminBodies.TrafficBody;
import dev.parlance.server.api.PageBodies.ModelsReply;
import dev.parlance.server.api.PageBodies.Quantiles;
import dev.parlance.server.api.PageBodies.ServedModel;
import dev.parlance.server.api.PageBodies.ServedVersion;
import dev.parlance.server.api.PageBodies.StatsLimits;
import dev.parlance.server.api.PageBodies.StatsReply;
import dev.parlance.server.api.PageBodies.VersionStats;
import dev.parlance.server.api.Route.Access;
import dev.parlance.server.engine.ModelInfo;
import dev.parlance.server.engine.Models;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** What the web page asks for: the models with their cards, and live numbers. */
final class PageRoutes {
    private final Backend backend;
    private final Executor slow;

    /**
     * Routes over an engine.
     *
     * @param slow reads model cards from their files
     */
    PageRoutes(Backend backend, Executor slow) {
        this.backend = backend;
        this.slow = slow;
    }

    List<Route> all() {
        return List.of(
                Route.get(
                        "/api/models",
                        Access.CLIENT,
                        Work.handler(PARLANCE, call -> CompletableFuture.supplyAsync(() -> ApiJson.ok(models()), slow)),
                        RouteDoc.of(PARLANCE, "models", "The models with their versions and cards")
                                .gives("The models", ModelsReply.class, exampleModels())),
                Route.get(
                        "/api/stats",
                        Access.CLIENT,
                        Work.now(PARLANCE, call -> ApiJson.ok(backend.stats())),
                        RouteDoc.of(PARLANCE, "stats", "Live numbers")
                                .details("Two readings of a number that ends in `_total` give a rate.")
                                .gives("The numbers", StatsReply.class, exampleStats())));
    }

    private ModelsReply models() {
        Map<String, List<ModelInfo>> byName = new LinkedHashMap<>();
        for (ModelInfo info : backend.list()) {
            byName.computeIfAbsent(info.name(), name -> new ArrayList<>()).add(info);
        }
        List<ServedModel> models = new ArrayList<>();
        byName.forEach((name, versions) -> models.add(model(name, versions)));
        return new ModelsReply(models.isEmpty() ? null : models.get(0).name(), models);
    }

    private ServedModel model(String name, List<ModelInfo> versions) {
        ModelInfo answers = backend.get(name, null);
        Models.Traffic traffic = backend.traffic(name);
        return new ServedModel(
                name,
                answers.task().name(),
                answers.task().labels(),
                answers.dimensions(),
                answers.maxLength(),
                TrafficBody.of(traffic),
                versions.stream().map(PageRoutes::version).toList(),
                ModelCards.read(answers.directory()));
    }

    private static ServedVersion version(ModelInfo info) {
        return new ServedVersion(
                info.version(),
                info.task().name(),
                info.task().labels(),
                info.dimensions(),
                info.maxLength(),
                info.modelType(),
                info.precision(),
                info.loaded());
    }

    private static ModelsReply exampleModels() {
        ServedVersion version = new ServedVersion(
                "1",
                "text-classification",
                List.of("negative", "positive"),
                0,
                512,
                "bert",
                "float32",
                Instant.ofEpochSecond(1_760_000_000));
        return new ModelsReply(
                "reviews",
                List.of(new ServedModel(
                        "reviews",
                        "text-classification",
                        List.of("negative", "positive"),
                        0,
                        512,
                        new TrafficBody("1", null, 0.0, null),
                        List.of(version),
                        "# reviews")));
    }

    private static StatsReply exampleStats() {
        return new StatsReply(
                81.5,
                true,
                1200,
                Map.of("overloaded", 3L),
                4,
                List.of(new VersionStats(
                        "reviews",
                        "1",
                        1200,
                        2400,
                        61_000,
                        1500,
                        310,
                        7.25,
                        2,
                        55,
                        new Quantiles(0.011, 0.02, 0.041, 0.08))),
                new StatsLimits(16_384, 512, 32));
    }
}
