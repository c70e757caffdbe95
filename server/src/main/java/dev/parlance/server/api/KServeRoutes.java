package dev.parlance.server.api;

import static dev.parlance.server.api.Dialect.KSERVE;

import dev.parlance.server.api.KServeBodies.InferReply;
import dev.parlance.server.api.KServeBodies.InferRequest;
import dev.parlance.server.api.KServeBodies.Live;
import dev.parlance.server.api.KServeBodies.Metadata;
import dev.parlance.server.api.KServeBodies.MetadataTensor;
import dev.parlance.server.api.KServeBodies.ModelReady;
import dev.parlance.server.api.KServeBodies.OutputTensor;
import dev.parlance.server.api.KServeBodies.Ready;
import dev.parlance.server.api.KServeBodies.Server;
import dev.parlance.server.api.Route.Access;
import dev.parlance.server.api.Serving.Target;
import dev.parlance.server.engine.ModelInfo;
import dev.parlance.server.engine.Refusal;
import dev.parlance.server.engine.Refusal.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The Open Inference Protocol, version 2, over JSON. Reference: inference_rest.md of kserve/open-inference-protocol. */
final class KServeRoutes {
    private static final String PLATFORM = "onnxruntime_onnx";

    private final Serving serving;
    private final String version;

    KServeRoutes(Serving serving, String version) {
        this.serving = serving;
        this.version = version;
    }

    /** Paths with a version first: a model's name may hold slashes. */
    List<Route> all() {
        List<Route> routes = new ArrayList<>(serverRoutes());
        for (String path : List.of("/v2/models/{model+}/versions/{version}", "/v2/models/{model+}")) {
            String suffix = path.endsWith("{version}") ? "_version" : "";
            routes.add(inferRoute(path + "/infer", "kserve_infer" + suffix));
            routes.add(readyRoute(path + "/ready", "kserve_model_ready" + suffix));
            routes.add(metadataRoute(path, "kserve_model" + suffix));
        }
        return routes;
    }

    private List<Route> serverRoutes() {
        return List.of(
                Route.get(
                        "/v2",
                        Access.PUBLIC,
                        Work.now(KSERVE, call -> ApiJson.ok(server(version))),
                        RouteDoc.of(KSERVE, "kserve_server", "What the server is")
                                .gives("The server", Server.class, server("0.1.0"))),
                Route.get(
                        "/v2/health/live",
                        Access.PUBLIC,
                        Work.now(KSERVE, call -> ApiJson.ok(new Live(true))),
                        RouteDoc.of(KSERVE, "kserve_live", "Whether the server runs")
                                .gives("It runs", Live.class, new Live(true))),
                Route.get(
                        "/v2/health/ready",
                        Access.PUBLIC,
                        Work.now(KSERVE, call -> ready()),
                        RouteDoc.of(KSERVE, "kserve_ready", "Whether every model is ready")
                                .gives("All are ready", Ready.class, new Ready(true))
                                .result(new RouteDoc.Result(
                                        503, "One is not", Ready.class, new Ready(false), Reply.JSON))));
    }

    private static Server server(String version) {
        return new Server("parlance", version, List.of("classification"));
    }

    private Reply ready() {
        boolean ready = serving.backend().ready();
        return ApiJson.reply(ready ? 200 : 503, new Ready(ready), Map.of());
    }

    private Route inferRoute(String path, String id) {
        RouteDoc doc = RouteDoc.of(KSERVE, id, "Asks a model")
                .details(
                        "A classifier has the outputs `label`, `score` and `probabilities`; an encoder has `embedding`.")
                .takes(
                        InferRequest.class,
                        "{\"id\": \"42\", \"inputs\": [{\"name\": \"text\", \"shape\": [2], \"datatype\": \"BYTES\","
                                + " \"data\": [\"a fine film\", \"a dull film\"]}]}",
                        "{\"inputs\": [{\"name\": \"text\", \"shape\": [1, 1], \"datatype\": \"BYTES\","
                                + " \"data\": [[\"a fine film\"]]}], \"outputs\": [{\"name\": \"probabilities\","
                                + " \"parameters\": {\"classification\": 2}}], \"parameters\": {\"truncate\": true}}")
                .gives(
                        "The outputs",
                        InferReply.class,
                        new InferReply(
                                "reviews",
                                "1",
                                "42",
                                List.of(
                                        OutputTensor.of("label", List.of("positive", "negative"), 2),
                                        OutputTensor.of("score", new float[] {0.98f, 0.91f}, 2))))
                .asksModel();
        return Route.post(path, Access.CLIENT, Work.handler(KSERVE, this::infer), doc);
    }

    private Route readyRoute(String path, String id) {
        RouteDoc doc = RouteDoc.of(KSERVE, id, "Whether a model is ready")
                .gives("It is", ModelReady.class, new ModelReady("reviews", true))
                .refuses(Kind.NOT_FOUND);
        return Route.get(
                path,
                Access.CLIENT,
                Work.now(
                        KSERVE,
                        call -> ApiJson.ok(new ModelReady(serving.target(call).name(), true))),
                doc);
    }

    private Route metadataRoute(String path, String id) {
        RouteDoc doc = RouteDoc.of(KSERVE, id, "What a model takes and gives")
                .gives(
                        "The model",
                        Metadata.class,
                        new Metadata(
                                "encoder",
                                List.of("1"),
                                PLATFORM,
                                inputs(false),
                                List.of(new MetadataTensor("embedding", "FP32", new int[] {-1, 384}))))
                .refuses(Kind.NOT_FOUND);
        return Route.get(path, Access.CLIENT, Work.now(KSERVE, this::metadata), doc);
    }

    private CompletableFuture<Reply> infer(Call call) {
        Target target = serving.target(call);
        InferRequest request = ApiJson.read(call.body(), InferRequest.class);
        KServeOutputs outputs = KServeOutputs.of(target.info().task(), request.outputs());
        Boolean truncate =
                request.parameters() == null ? null : request.parameters().truncate();
        return Work.then(
                serving.ask(target, KServeInputs.examples(target.info().task(), request.inputs()), truncate),
                answer -> ApiJson.ok(new InferReply(
                        answer.model().name(), answer.model().version(), request.id(), outputs.tensors(answer))));
    }

    private Reply metadata(Call call) {
        ModelInfo info = serving.target(call).info();
        List<String> labels = info.task().labels();
        List<MetadataTensor> outputs = labels.isEmpty()
                ? List.of(new MetadataTensor("embedding", "FP32", new int[] {-1, info.dimensions()}))
                : List.of(
                        new MetadataTensor("label", "BYTES", new int[] {-1}),
                        new MetadataTensor("score", "FP32", new int[] {-1}),
                        new MetadataTensor("probabilities", "FP32", new int[] {-1, labels.size()}));
        return ApiJson.ok(
                new Metadata(info.name(), serving.versions(info.name()), PLATFORM, inputs(!labels.isEmpty()), outputs));
    }

    private static List<MetadataTensor> inputs(boolean pairs) {
        MetadataTensor text = new MetadataTensor("text", "BYTES", new int[] {-1});
        return pairs ? List.of(text, new MetadataTensor("text_pair", "BYTES", new int[] {-1})) : List.of(text);
    }

    /** No such output; says which there are. */
    static Refusal unknownOutput(int index, List<String> known) {
        return new Refusal(
                Kind.VALIDATION,
                "outputs[" + index + "].name: found another name, expected one of " + String.join(", ", known));
    }
}
