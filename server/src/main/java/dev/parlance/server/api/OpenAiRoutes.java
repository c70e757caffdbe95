package dev.parlance.server.api;

import static dev.parlance.server.api.Dialect.OPENAI;

import dev.parlance.server.api.OpenAiBodies.EmbeddingItem;
import dev.parlance.server.api.OpenAiBodies.EmbeddingsReply;
import dev.parlance.server.api.OpenAiBodies.EmbeddingsRequest;
import dev.parlance.server.api.OpenAiBodies.EncodingFormat;
import dev.parlance.server.api.OpenAiBodies.ModelItem;
import dev.parlance.server.api.OpenAiBodies.ModelList;
import dev.parlance.server.api.OpenAiBodies.Numbers;
import dev.parlance.server.api.OpenAiBodies.Usage;
import dev.parlance.server.api.Route.Access;
import dev.parlance.server.api.Serving.Target;
import dev.parlance.server.engine.Answer;
import dev.parlance.server.engine.ModelInfo;
import dev.parlance.server.engine.Refusal.Kind;
import dev.parlance.task.SentenceEmbedding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** OpenAI's embeddings and models. As there, embeddings have length 1 whatever the model's directory says. */
final class OpenAiRoutes {
    private static final ModelItem EXAMPLE = new ModelItem("encoder", "model", 1_760_000_000, "parlance");

    private final Serving serving;

    OpenAiRoutes(Serving serving) {
        this.serving = serving;
    }

    List<Route> all() {
        return List.of(embeddingsRoute(), modelsRoute(), modelRoute());
    }

    private Route embeddingsRoute() {
        RouteDoc doc = RouteDoc.of(OPENAI, "openai_embeddings", "Embeddings of texts")
                .takes(
                        EmbeddingsRequest.class,
                        "{\"model\": \"encoder\", \"input\": [\"What is deep learning?\"], \"encoding_format\": \"float\"}",
                        "{\"model\": \"encoder\", \"input\": [[101, 2054, 102]], \"encoding_format\": \"base64\","
                                + " \"dimensions\": 128}")
                .gives(
                        "An embedding for each text",
                        EmbeddingsReply.class,
                        new EmbeddingsReply(
                                "list",
                                List.of(new EmbeddingItem(
                                        "embedding", new Numbers(new float[] {0.6f, 0.8f}, EncodingFormat.FLOAT), 0)),
                                "encoder",
                                new Usage(6, 6)))
                .query("version", "Which version of the model; without it the default one, or at times its canary")
                .asksModel();
        return Route.post("/v1/embeddings", Access.CLIENT, Work.handler(OPENAI, this::embeddings), doc);
    }

    private Route modelsRoute() {
        RouteDoc doc = RouteDoc.of(OPENAI, "openai_models", "The models")
                .gives("All models", ModelList.class, new ModelList("list", List.of(EXAMPLE)));
        return Route.get("/v1/models", Access.CLIENT, Work.now(OPENAI, call -> models()), doc);
    }

    private Route modelRoute() {
        RouteDoc doc = RouteDoc.of(OPENAI, "openai_model", "A model")
                .gives("The model", ModelItem.class, EXAMPLE)
                .refuses(Kind.NOT_FOUND);
        return Route.get(
                "/v1/models/{model+}",
                Access.CLIENT,
                Work.now(OPENAI, call -> ApiJson.ok(item(serving.target(call).info()))),
                doc);
    }

    private CompletableFuture<Reply> embeddings(Call call) {
        long start = System.nanoTime();
        EmbeddingsRequest request = ApiJson.read(call.body(), EmbeddingsRequest.class);
        Target target = serving.target(call, request.model());
        SentenceEmbedding task = target.encoder(Kind.VALIDATION);
        Vectors.checkDimensions(task, request.dimensions());
        CompletableFuture<Answer> answer = Work.thenStart(
                serving.texts(target, request.input()),
                texts -> serving.ask(target, Serving.prompted(task, null, texts), null));
        return Work.then(
                answer, done -> ApiJson.reply(200, body(request, done), TextEmbeddingsRoutes.headers(done, start)));
    }

    private static EmbeddingsReply body(EmbeddingsRequest request, Answer answer) {
        float[][] vectors = Vectors.shaped(Serving.embeddings(answer), true, request.dimensions());
        EncodingFormat format = request.encodingFormat() == null ? EncodingFormat.FLOAT : request.encodingFormat();
        List<EmbeddingItem> items = new ArrayList<>(vectors.length);
        for (int i = 0; i < vectors.length; i++) {
            items.add(new EmbeddingItem("embedding", new Numbers(vectors[i], format), i));
        }
        return new EmbeddingsReply("list", items, answer.model().name(), new Usage(answer.tokens(), answer.tokens()));
    }

    /** One entry for each name, of the version that answers. */
    private Reply models() {
        Map<String, ModelItem> byName = new LinkedHashMap<>();
        for (ModelInfo info : serving.backend().list()) {
            byName.computeIfAbsent(
                    info.name(), name -> item(serving.target(name, null).info()));
        }
        return ApiJson.ok(new ModelList("list", List.copyOf(byName.values())));
    }

    private static ModelItem item(ModelInfo info) {
        return new ModelItem(info.name(), "model", info.loaded().getEpochSecond(), "parlance");
    }
}
