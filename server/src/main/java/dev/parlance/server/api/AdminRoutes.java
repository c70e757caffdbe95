package dev.parlance.server.api;

import static dev.parlance.server.api.Dialect.PARLANCE;

import dev.parlance.server.api.AdminBodies.LoadRequest;
import dev.parlance.server.api.AdminBodies.LoadedModel;
import dev.parlance.server.api.AdminBodies.LoadedModels;
import dev.parlance.server.api.AdminBodies.LoadedVersion;
import dev.parlance.server.api.AdminBodies.TrafficBody;
import dev.parlance.server.api.Route.Access;
import dev.parlance.server.engine.ModelInfo;
import dev.parlance.server.engine.Refusal.Kind;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** Loading, replacing and unloading models, and which versions answer. */
final class AdminRoutes {
    private static final LoadedVersion VERSION = new LoadedVersion(
            "reviews",
            "2",
            "text-classification",
            "bert",
            "float32",
            512,
            "/models/reviews-2",
            Instant.ofEpochSecond(1_760_000_000));
    private static final TrafficBody TRAFFIC = new TrafficBody("1", "2", 5.0, null);
    private static final LoadedModel MODEL = new LoadedModel("reviews", TRAFFIC, List.of(VERSION));

    private final Backend backend;
    private final Executor slow;

    /**
     * Routes over an engine.
     *
     * @param slow runs what takes seconds: loading, and waiting for the last request of a version
     */
    AdminRoutes(Backend backend, Executor slow) {
        this.backend = backend;
        this.slow = slow;
    }

    /** Longer paths first: a model's name may hold slashes. */
    List<Route> all() {
        return List.of(
                Route.get(
                        "/admin/models",
                        Access.ADMIN,
                        Work.now(PARLANCE, call -> ApiJson.ok(models())),
                        RouteDoc.of(PARLANCE, "admin_models", "All models and their versions")
                                .gives("The models", LoadedModels.class, new LoadedModels(List.of(MODEL)))),
                loadRoute(),
                new Route(
                        "DELETE",
                        "/admin/models/{model+}/versions/{version}",
                        Access.ADMIN,
                        Work.handler(PARLANCE, call -> unload(call.parameter("model"), call.parameter("version"))),
                        unloadDoc("admin_unload_version", "Unloads a version")
                                .details("The default version can go only as the last one.")),
                trafficRoute("GET"),
                trafficRoute("PUT"),
                new Route(
                        "DELETE",
                        "/admin/models/{model+}",
                        Access.ADMIN,
                        Work.handler(
                                PARLANCE,
                                call -> slowly(() -> {
                                    backend.unload(call.parameter("model"), null);
                                    return models();
                                })),
                        unloadDoc("admin_unload", "Unloads all versions of a model")),
                Route.get(
                        "/admin/models/{model+}",
                        Access.ADMIN,
                        Work.now(PARLANCE, call -> ApiJson.ok(model(call.parameter("model")))),
                        RouteDoc.of(PARLANCE, "admin_model", "A model and its versions")
                                .gives("The model", LoadedModel.class, MODEL)
                                .refuses(Kind.NOT_FOUND)));
    }

    private Route loadRoute() {
        RouteDoc doc = RouteDoc.of(PARLANCE, "admin_load", "Loads a version, or replaces the one of that name")
                .details(
                        "Answers once the version is warm and serves. No request is lost. A model's first version becomes"
                                + " its default.")
                .takes(
                        LoadRequest.class,
                        "{\"name\": \"reviews\", \"version\": \"2\", \"directory\": \"/models/reviews-2\"}")
                .gives("The version", LoadedVersion.class, VERSION)
                .refuses(Kind.VALIDATION);
        return Route.post(
                "/admin/models",
                Access.ADMIN,
                Work.handler(PARLANCE, call -> {
                    LoadRequest request = ApiJson.read(call.body(), LoadRequest.class);
                    return slowly(() -> version(backend.load(request.spec())));
                }),
                doc);
    }

    private Route trafficRoute(String method) {
        boolean put = method.equals("PUT");
        RouteDoc doc = RouteDoc.of(
                        PARLANCE,
                        put ? "admin_set_traffic" : "admin_traffic",
                        put ? "Says which versions answer" : "Which versions answer")
                .gives("Which versions answer", TrafficBody.class, TRAFFIC)
                .refuses(Kind.NOT_FOUND);
        if (put) {
            doc = doc.takes(
                            TrafficBody.class,
                            "{\"default_version\": \"1\", \"canary\": \"2\", \"canary_percent\": 5}",
                            "{\"default_version\": \"2\", \"shadow\": \"1\"}")
                    .refuses(Kind.VALIDATION);
        }
        Route.Handler handler = Work.now(PARLANCE, put ? this::setTraffic : this::traffic);
        return new Route(method, "/admin/models/{model+}/traffic", Access.ADMIN, handler, doc);
    }

    private static RouteDoc unloadDoc(String id, String summary) {
        return RouteDoc.of(PARLANCE, id, summary)
                .gives("What is left", LoadedModels.class, new LoadedModels(List.of(MODEL)))
                .refuses(Kind.NOT_FOUND, Kind.VALIDATION);
    }

    private Reply traffic(Call call) {
        return ApiJson.ok(TrafficBody.of(backend.traffic(call.parameter("model"))));
    }

    private Reply setTraffic(Call call) {
        TrafficBody body = ApiJson.read(call.body(), TrafficBody.class);
        backend.route(call.parameter("model"), body.traffic());
        return traffic(call);
    }

    private CompletableFuture<Reply> unload(String name, String version) {
        return slowly(() -> {
            backend.unload(name, version);
            return models();
        });
    }

    private CompletableFuture<Reply> slowly(Supplier<Object> work) {
        return CompletableFuture.supplyAsync(() -> ApiJson.ok(work.get()), slow);
    }

    private LoadedModels models() {
        return new LoadedModels(backend.list().stream()
                .map(ModelInfo::name)
                .distinct()
                .map(this::model)
                .toList());
    }

    private LoadedModel model(String name) {
        backend.get(name, null); // refuses a name that is unknown
        List<LoadedVersion> versions = backend.list().stream()
                .filter(info -> info.name().equals(name))
                .map(AdminRoutes::version)
                .toList();
        return new LoadedModel(name, TrafficBody.of(backend.traffic(name)), versions);
    }

    private static LoadedVersion version(ModelInfo info) {
        return new LoadedVersion(
                info.name(),
                info.version(),
                info.task().name(),
                info.modelType(),
                info.precision(),
                info.maxLength(),
                info.directory().toString(),
                info.loaded());
    }
}
