package dev.parlance.server.api;

import static dev.parlance.server.api.Dialect.TEXT_EMBEDDINGS;

import dev.parlance.data.Embedding;
import dev.parlance.data.Example;
import dev.parlance.predict.Prediction;
import dev.parlance.server.api.Route.Access;
import dev.parlance.server.api.Scores.Scored;
import dev.parlance.server.api.Serving.Target;
import dev.parlance.server.api.TextEmbeddingsBodies.EmbedAllRequest;
import dev.parlance.server.api.TextEmbeddingsBodies.EmbedRequest;
import dev.parlance.server.api.TextEmbeddingsBodies.PredictReply;
import dev.parlance.server.api.TextEmbeddingsBodies.PredictRequest;
import dev.parlance.server.api.TextEmbeddingsBodies.Rank;
import dev.parlance.server.api.TextEmbeddingsBodies.RerankRequest;
import dev.parlance.server.api.TextEmbeddingsBodies.SimilarityInputs;
import dev.parlance.server.api.TextEmbeddingsBodies.SimilarityParameters;
import dev.parlance.server.api.TextEmbeddingsBodies.SimilarityRequest;
import dev.parlance.server.engine.Answer;
import dev.parlance.server.engine.Refusal;
import dev.parlance.server.engine.Refusal.Kind;
import dev.parlance.task.SentenceEmbedding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The routes of text-embeddings-inference that ask a model. Reference: its router's OpenAPI document, version 1.7. A model of the
 * other kind is answered 424, as there.
 */
final class TextEmbeddingsRoutes {
    private final Serving serving;

    TextEmbeddingsRoutes(Serving serving) {
        this.serving = serving;
    }

    List<Route> all() {
        return List.of(
                route(
                        "/embed",
                        this::embed,
                        docOf("embed", "Embeddings of texts")
                                .takes(
                                        EmbedRequest.class,
                                        "{\"inputs\": [\"What is deep learning?\"], \"normalize\": true, \"truncate\": true}",
                                        "{\"inputs\": \"What is deep learning?\", \"dimensions\": 128}")
                                .gives("An embedding for each text", float[][].class, new float[][] {{0.6f, 0.8f}})),
                route(
                        "/embed_all",
                        this::embedAll,
                        docOf("embed_all", "Embeddings of tokens: not served")
                                .details("Answers 424: this server has the embeddings of texts only.")
                                .takes(EmbedAllRequest.class, "{\"inputs\": \"What is deep learning?\"}")),
                route(
                        "/predict",
                        this::predict,
                        docOf("predict", "Labels of texts or pairs")
                                .takes(
                                        PredictRequest.class,
                                        "{\"inputs\": \"a fine film\"}",
                                        "{\"inputs\": [\"A man sleeps.\", \"A person rests.\"]}",
                                        "{\"inputs\": [[\"a fine film\"], [\"a dull film\"]], \"raw_scores\": true}")
                                .gives(
                                        "The labels, best first; of a batch for each text",
                                        PredictReply.class,
                                        new PredictReply(List.of(List.of(new Scored("positive", 0.98f))), false))),
                route(
                        "/rerank",
                        this::rerank,
                        docOf("rerank", "Texts in the order of their nearness to a query")
                                .details("By the cosine of embeddings.")
                                .takes(
                                        RerankRequest.class,
                                        "{\"query\": \"What is deep learning?\", \"texts\": [\"Deep learning is\", \"Cheese is\"],"
                                                + " \"return_text\": true}")
                                .gives("The texts, nearest first", Rank[].class, new Rank[] {
                                    new Rank(0, "Deep learning is", 0.93f), new Rank(1, "Cheese is", 0.52f)
                                })),
                route(
                        "/similarity",
                        this::similarity,
                        docOf("similarity", "How like a text others are")
                                .takes(
                                        SimilarityRequest.class,
                                        "{\"inputs\": {\"source_sentence\": \"What is deep learning?\","
                                                + " \"sentences\": [\"What is machine learning?\"]}}")
                                .gives("The cosine of each", float[].class, new float[] {0.86f})));
    }

    private static Route route(String path, Function<Call, CompletableFuture<Reply>> work, RouteDoc doc) {
        return Route.post(path, Access.CLIENT, Work.handler(TEXT_EMBEDDINGS, work), doc);
    }

    private static RouteDoc docOf(String id, String summary) {
        return withModel(RouteDoc.of(TEXT_EMBEDDINGS, id, summary)).asksModel();
    }

    static RouteDoc withModel(RouteDoc doc) {
        return doc.query("model", "Which model answers; the first one if neither this nor the body says")
                .query("version", "Which version of it; without it the default one, or at times its canary");
    }

    private CompletableFuture<Reply> embed(Call call) {
        long start = System.nanoTime();
        EmbedRequest request = ApiJson.read(call.body(), EmbedRequest.class);
        Target target = serving.target(call, request.model());
        SentenceEmbedding task = target.encoder(Kind.BACKEND);
        Vectors.checkNormalize(task, request.normalize(), "normalize");
        Vectors.checkDimensions(task, request.dimensions());
        CompletableFuture<Answer> answer = Work.thenStart(
                serving.texts(target, request.inputs()),
                texts -> serving.ask(target, Serving.prompted(task, request.promptName(), texts), request.truncate()));
        return Work.then(
                answer,
                done -> reply(
                        Vectors.shaped(Serving.embeddings(done), request.scales(), request.dimensions()), done, start));
    }

    private CompletableFuture<Reply> embedAll(Call call) {
        EmbedAllRequest request = ApiJson.read(call.body(), EmbedAllRequest.class);
        serving.target(call, request.model()).encoder(Kind.BACKEND);
        throw new Refusal(Kind.BACKEND, "embeddings of tokens are not served, only those of whole texts: POST /embed");
    }

    private CompletableFuture<Reply> predict(Call call) {
        long start = System.nanoTime();
        PredictRequest request = ApiJson.read(call.body(), PredictRequest.class);
        Target target = serving.target(call, request.model());
        target.requireLabels(Kind.BACKEND);
        return Work.then(serving.ask(target, request.inputs().all(), request.truncate()), answer -> {
            List<String> labels = answer.model().task().labels();
            List<List<Scored>> all = new ArrayList<>();
            for (Prediction prediction : answer.predictions()) {
                all.add(Scores.ranked(labels, prediction, request.function()));
            }
            return reply(new PredictReply(all, request.inputs().batch()), answer, start);
        });
    }

    private CompletableFuture<Reply> rerank(Call call) {
        long start = System.nanoTime();
        RerankRequest request = ApiJson.read(call.body(), RerankRequest.class);
        Target target = serving.target(call, request.model());
        SentenceEmbedding task = target.encoder(Kind.BACKEND);
        CompletableFuture<Answer> answer =
                compare(target, task, request.query(), request.texts(), null, request.truncate());
        return Work.then(answer, done -> reply(ranks(request, Serving.embeddings(done)), done, start));
    }

    private static List<Rank> ranks(RerankRequest request, List<Embedding> embeddings) {
        boolean raw = Boolean.TRUE.equals(request.rawScores());
        boolean withText = Boolean.TRUE.equals(request.returnText());
        float[] cosines = Vectors.cosines(embeddings);
        List<Rank> ranks = new ArrayList<>(cosines.length);
        for (int i = 0; i < cosines.length; i++) {
            ranks.add(new Rank(i, withText ? request.texts().get(i) : null, raw ? cosines[i] : (1 + cosines[i]) / 2));
        }
        ranks.sort(Comparator.comparingDouble(Rank::score).reversed());
        return ranks;
    }

    private CompletableFuture<Reply> similarity(Call call) {
        long start = System.nanoTime();
        SimilarityRequest request = ApiJson.read(call.body(), SimilarityRequest.class);
        Target target = serving.target(call, request.model());
        SentenceEmbedding task = target.encoder(Kind.BACKEND);
        SimilarityInputs inputs = request.inputs();
        SimilarityParameters parameters =
                request.parameters() != null ? request.parameters() : new SimilarityParameters(null, null, null);
        CompletableFuture<Answer> answer = compare(
                target,
                task,
                inputs.sourceSentence(),
                inputs.sentences(),
                parameters.promptName(),
                parameters.truncate());
        return Work.then(answer, done -> reply(Vectors.cosines(Serving.embeddings(done)), done, start));
    }

    /** One text and those that are compared with it, in one request. */
    private CompletableFuture<Answer> compare(
            Target target,
            SentenceEmbedding task,
            String text,
            List<String> others,
            @Nullable String prompt,
            @Nullable Boolean truncate) {
        if (others.isEmpty()) {
            throw new Refusal(Kind.EMPTY, "there are no texts to compare with, expected at least one");
        }
        List<String> all = new ArrayList<>(others.size() + 1);
        all.add(text);
        all.addAll(others);
        return serving.ask(target, Serving.prompted(task, prompt, all), truncate);
    }

    private static Reply reply(Object body, Answer answer, long startNanos) {
        return ApiJson.reply(200, body, headers(answer, startNanos));
    }

    /** Where the time went, in milliseconds, and what was computed, as text-embeddings-inference says it. */
    static Map<String, String> headers(Answer answer, long startNanos) {
        String total =
                Long.toString(Duration.ofNanos(System.nanoTime() - startNanos).toMillis());
        return Map.of(
                "x-compute-type",
                "cpu",
                "x-compute-time",
                total,
                "x-compute-characters",
                Integer.toString(answer.characters()),
                "x-compute-tokens",
                Integer.toString(answer.tokens()),
                "x-total-time",
                total,
                "x-tokenization-time",
                Long.toString(answer.timing().tokenization().toMillis()),
                "x-queue-time",
                Long.toString(answer.timing().queue().toMillis()),
                "x-inference-time",
                Long.toString(answer.timing().inference().toMillis()),
                Reply.MODEL,
                answer.model().name(),
                Reply.VERSION,
                answer.model().version());
    }

    static List<Example> examples(List<String> texts) {
        return texts.stream().map(Example::of).toList();
    }
}
