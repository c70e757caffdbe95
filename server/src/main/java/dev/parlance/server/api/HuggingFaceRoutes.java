package dev.parlance.server.api;

import static dev.parlance.server.api.Dialect.HUGGING_FACE;

import dev.parlance.predict.Prediction;
import dev.parlance.server.api.HuggingFaceBodies.ClassificationParameters;
import dev.parlance.server.api.HuggingFaceBodies.ClassificationRequest;
import dev.parlance.server.api.HuggingFaceBodies.FeatureParameters;
import dev.parlance.server.api.HuggingFaceBodies.FeatureRequest;
import dev.parlance.server.api.HuggingFaceBodies.ModelReply;
import dev.parlance.server.api.HuggingFaceBodies.SentenceSimilarityRequest;
import dev.parlance.server.api.Route.Access;
import dev.parlance.server.api.Scores.Scored;
import dev.parlance.server.api.Serving.Target;
import dev.parlance.server.api.TextEmbeddingsBodies.SimilarityParameters;
import dev.parlance.server.engine.Answer;
import dev.parlance.server.engine.ModelInfo;
import dev.parlance.server.engine.Refusal;
import dev.parlance.server.engine.Refusal.Kind;
import dev.parlance.task.SentenceEmbedding;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Hugging Face Inference: the model's task decides what its inputs are, or the path does, as that of the hosted service's clients.
 * Labels come in an array for each text, even for a single one, which is what those clients take apart.
 */
final class HuggingFaceRoutes {
    private static final ClassificationParameters NO_PARAMETERS = new ClassificationParameters(null, null, null);

    private final Serving serving;

    HuggingFaceRoutes(Serving serving) {
        this.serving = serving;
    }

    /** The pipelines first: a model's name may hold slashes. */
    List<Route> all() {
        return List.of(
                Route.post(
                        "/models/{model+}/pipeline/text-classification",
                        Access.CLIENT,
                        Work.handler(HUGGING_FACE, call -> classify(serving.target(call), call)),
                        classification(docOf("hf_text_classification", "Labels of texts"))),
                Route.post(
                        "/models/{model+}/pipeline/feature-extraction",
                        Access.CLIENT,
                        Work.handler(HUGGING_FACE, call -> extract(serving.target(call), call)),
                        features(docOf("hf_feature_extraction", "Embeddings of texts"))),
                Route.post(
                        "/models/{model+}/pipeline/sentence-similarity",
                        Access.CLIENT,
                        Work.handler(HUGGING_FACE, call -> compare(serving.target(call), call)),
                        similarity(docOf("hf_sentence_similarity", "How like a text others are"))),
                Route.post(
                        "/models/{model+}",
                        Access.CLIENT,
                        Work.handler(HUGGING_FACE, this::byTask),
                        similarity(features(classification(docOf("hf_inference", "What the model's task is"))))
                                .details(
                                        "A classifier labels; an encoder gives embeddings, or compares where `inputs` is"
                                                + " an object.")),
                Route.get("/models/{model+}", Access.CLIENT, Work.now(HUGGING_FACE, this::model), modelDoc()));
    }

    private static RouteDoc docOf(String id, String summary) {
        return RouteDoc.of(HUGGING_FACE, id, summary)
                .query("version", "Which version of the model; without it the default one, or at times its canary")
                .asksModel();
    }

    private static RouteDoc classification(RouteDoc doc) {
        return doc.takes(
                        ClassificationRequest.class,
                        "{\"inputs\": \"a fine film\"}",
                        "{\"inputs\": [\"a fine film\", {\"text\": \"A man sleeps.\", \"text_pair\": \"A person rests.\"}],"
                                + " \"parameters\": {\"top_k\": 1, \"function_to_apply\": \"softmax\"}}")
                .gives("The labels of each text, best first", Scored[][].class, new Scored[][] {
                    {new Scored("positive", 0.98f), new Scored("negative", 0.02f)}
                });
    }

    private static RouteDoc features(RouteDoc doc) {
        return doc.takes(
                        FeatureRequest.class,
                        "{\"inputs\": [\"What is deep learning?\"], \"normalize\": true}",
                        "{\"inputs\": \"What is deep learning?\", \"parameters\": {\"truncate\": true}}")
                .gives("An embedding for each text", float[][].class, new float[][] {{0.6f, 0.8f}});
    }

    private static RouteDoc similarity(RouteDoc doc) {
        return doc.takes(
                        SentenceSimilarityRequest.class,
                        "{\"inputs\": {\"source_sentence\": \"What is deep learning?\","
                                + " \"sentences\": [\"What is machine learning?\"]}}")
                .gives("The cosine of each", float[].class, new float[] {0.86f});
    }

    private static RouteDoc modelDoc() {
        return RouteDoc.of(HUGGING_FACE, "hf_model", "What a model is")
                .query("version", "Which version of the model; without it the default one")
                .gives(
                        "The model",
                        ModelReply.class,
                        new ModelReply(
                                "reviews",
                                "text-classification",
                                "1",
                                List.of("1"),
                                List.of("negative", "positive"),
                                0,
                                512,
                                "bert",
                                "float32",
                                Instant.ofEpochSecond(1_760_000_000)))
                .refuses(Kind.NOT_FOUND);
    }

    private CompletableFuture<Reply> byTask(Call call) {
        Target target = serving.target(call);
        if (!(target.info().task() instanceof SentenceEmbedding)) {
            return classify(target, call);
        }
        boolean compares = call.body() != null && call.body().path("inputs").isObject();
        return compares ? compare(target, call) : extract(target, call);
    }

    private CompletableFuture<Reply> classify(Target target, Call call) {
        long start = System.nanoTime();
        target.requireLabels(Kind.VALIDATION);
        ClassificationRequest request = ApiJson.read(call.body(), ClassificationRequest.class);
        ClassificationParameters parameters = request.parameters() != null ? request.parameters() : NO_PARAMETERS;
        return Work.then(
                serving.ask(target, request.inputs().all(), parameters.truncation()),
                answer -> reply(labels(answer, parameters), answer, start));
    }

    private static List<List<Scored>> labels(Answer answer, ClassificationParameters parameters) {
        Scores.Function function =
                parameters.functionToApply() != null ? parameters.functionToApply() : Scores.Function.SOFTMAX;
        List<String> labels = answer.model().task().labels();
        int count = parameters.topK() == null ? labels.size() : Math.min(parameters.topK(), labels.size());
        List<List<Scored>> all = new ArrayList<>(answer.predictions().size());
        for (Prediction prediction : answer.predictions()) {
            all.add(Scores.ranked(labels, prediction, function).subList(0, count));
        }
        return all;
    }

    private CompletableFuture<Reply> extract(Target target, Call call) {
        long start = System.nanoTime();
        SentenceEmbedding task = target.encoder(Kind.VALIDATION);
        FeatureRequest request = ApiJson.read(call.body(), FeatureRequest.class);
        FeatureParameters parameters = request.settled();
        Vectors.checkNormalize(task, parameters.normalize(), "normalize");
        boolean normalize = Boolean.TRUE.equals(parameters.normalize());
        CompletableFuture<Answer> answer = serving.ask(
                target,
                Serving.prompted(task, parameters.promptName(), request.inputs().all()),
                parameters.truncate());
        return Work.then(answer, done -> reply(Vectors.shaped(Serving.embeddings(done), normalize, null), done, start));
    }

    private CompletableFuture<Reply> compare(Target target, Call call) {
        long start = System.nanoTime();
        SentenceEmbedding task = target.encoder(Kind.VALIDATION);
        SentenceSimilarityRequest request = ApiJson.read(call.body(), SentenceSimilarityRequest.class);
        SimilarityParameters parameters =
                request.parameters() != null ? request.parameters() : new SimilarityParameters(null, null, null);
        if (request.inputs().sentences().isEmpty()) {
            throw new Refusal(Kind.EMPTY, "inputs.sentences: found no texts, expected at least one");
        }
        List<String> texts = new ArrayList<>();
        texts.add(request.inputs().sourceSentence());
        texts.addAll(request.inputs().sentences());
        CompletableFuture<Answer> answer =
                serving.ask(target, Serving.prompted(task, parameters.promptName(), texts), parameters.truncate());
        return Work.then(answer, done -> reply(Vectors.cosines(Serving.embeddings(done)), done, start));
    }

    private static Reply reply(Object body, Answer answer, long start) {
        return ApiJson.reply(200, body, TextEmbeddingsRoutes.headers(answer, start));
    }

    private Reply model(Call call) {
        ModelInfo info = serving.target(call).info();
        return ApiJson.ok(new ModelReply(
                info.name(),
                info.task().name(),
                info.version(),
                serving.versions(info.name()),
                info.task().labels(),
                info.dimensions(),
                info.maxLength(),
                info.modelType(),
                info.precision(),
                info.loaded()));
    }
}
