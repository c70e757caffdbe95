package dev.parlance.server.api;

import static dev.parlance.server.api.Dialect.TEXT_EMBEDDINGS;

import dev.parlance.data.Example;
import dev.parlance.server.api.Route.Access;
import dev.parlance.server.api.Serving.Target;
import dev.parlance.server.api.TextEmbeddingsBodies.ClassifierModel;
import dev.parlance.server.api.TextEmbeddingsBodies.DecodeRequest;
import dev.parlance.server.api.TextEmbeddingsBodies.EmbeddingModel;
import dev.parlance.server.api.TextEmbeddingsBodies.Info;
import dev.parlance.server.api.TextEmbeddingsBodies.ModelType;
import dev.parlance.server.api.TextEmbeddingsBodies.Token;
import dev.parlance.server.api.TextEmbeddingsBodies.TokenizeRequest;
import dev.parlance.server.engine.ModelInfo;
import dev.parlance.server.engine.Refusal;
import dev.parlance.server.engine.Refusal.Kind;
import dev.parlance.task.SentenceEmbedding;
import dev.parlance.tokenize.Encoding;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The routes of text-embeddings-inference that ask no model: tokens, and what the server is. */
final class TokenRoutes {
    private final Serving serving;
    private final String version;

    TokenRoutes(Serving serving, String version) {
        this.serving = serving;
        this.version = version;
    }

    List<Route> all() {
        return List.of(tokenizeRoute(), decodeRoute(), infoRoute(), healthRoute());
    }

    private Route tokenizeRoute() {
        RouteDoc doc = TextEmbeddingsRoutes.withModel(RouteDoc.of(TEXT_EMBEDDINGS, "tokenize", "The tokens of texts"))
                .details("Offsets count Unicode code points.")
                .takes(TokenizeRequest.class, "{\"inputs\": \"a fine film\", \"add_special_tokens\": true}")
                .gives("The tokens of each text", Token[][].class, new Token[][] {
                    {new Token(101, "[CLS]", true, null, null), new Token(1037, "a", false, 0, 1)}
                })
                .refuses(Kind.VALIDATION, Kind.EMPTY, Kind.NOT_FOUND, Kind.TOO_LARGE, Kind.TOKENIZER);
        return Route.post("/tokenize", Access.CLIENT, Work.handler(TEXT_EMBEDDINGS, this::tokenize), doc);
    }

    private Route decodeRoute() {
        RouteDoc doc = TextEmbeddingsRoutes.withModel(
                        RouteDoc.of(TEXT_EMBEDDINGS, "decode", "The texts that token ids stand for"))
                .takes(
                        DecodeRequest.class,
                        "{\"ids\": [101, 1037, 2986, 2143, 102], \"skip_special_tokens\": true}",
                        "{\"ids\": [[1037], [2986, 2143]]}")
                .gives("The text of each", String[].class, new String[] {"a fine film"})
                .refuses(Kind.VALIDATION, Kind.EMPTY, Kind.NOT_FOUND, Kind.TOO_LARGE, Kind.TOKENIZER);
        return Route.post("/decode", Access.CLIENT, Work.handler(TEXT_EMBEDDINGS, this::decode), doc);
    }

    private Route infoRoute() {
        RouteDoc doc = TextEmbeddingsRoutes.withModel(
                        RouteDoc.of(TEXT_EMBEDDINGS, "info", "The model and the server's bounds"))
                .gives(
                        "What is served",
                        Info.class,
                        new Info(
                                "reviews",
                                null,
                                "float32",
                                new ModelType(
                                        new ClassifierModel(
                                                Map.of("0", "negative", "1", "positive"),
                                                Map.of("negative", 0, "positive", 1)),
                                        null),
                                512,
                                512,
                                16_384,
                                null,
                                32,
                                false,
                                2,
                                "0.1.0",
                                null,
                                null))
                .refuses(Kind.NOT_FOUND);
        return Route.get("/info", Access.CLIENT, Work.now(TEXT_EMBEDDINGS, this::info), doc);
    }

    private Route healthRoute() {
        RouteDoc doc = RouteDoc.of(TEXT_EMBEDDINGS, "health", "Whether every model is ready")
                .result(new RouteDoc.Result(200, "All is well; no body", String.class, "", "text/plain"))
                .refuses(Kind.UNHEALTHY);
        return Route.get("/health", Access.PUBLIC, Work.now(TEXT_EMBEDDINGS, call -> health()), doc);
    }

    private CompletableFuture<Reply> tokenize(Call call) {
        TokenizeRequest request = ApiJson.read(call.body(), TokenizeRequest.class);
        Target target = serving.target(call, request.model());
        boolean addSpecial = request.addSpecialTokens() == null || request.addSpecialTokens();
        List<Example> examples = request.promptName() == null
                ? TextEmbeddingsRoutes.examples(request.inputs().all())
                : Serving.prompted(
                        target.encoder(Kind.VALIDATION),
                        request.promptName(),
                        request.inputs().all());
        requireSome(examples.size(), "texts");
        CompletableFuture<List<Encoding>> encodings =
                serving.backend().tokenize(target.name(), target.version(), examples, addSpecial);
        return Work.thenStart(
                encodings,
                done -> Work.then(specialNames(target, done), names -> ApiJson.ok(tokens(examples, done, names))));
    }

    /** The tokenizer's own names of the special tokens in texts, such as {@code [CLS]}. */
    private CompletableFuture<Map<Integer, String>> specialNames(Target target, List<Encoding> encodings) {
        TreeSet<Integer> special = new TreeSet<>();
        for (Encoding encoding : encodings) {
            for (int i = 0; i < encoding.length(); i++) {
                if (encoding.sequenceIds()[i] < 0) {
                    special.add(encoding.inputIds()[i]);
                }
            }
        }
        if (special.isEmpty()) {
            return CompletableFuture.completedFuture(Map.of());
        }
        List<Integer> ids = List.copyOf(special);
        List<int[]> alone = ids.stream().map(id -> new int[] {id}).toList();
        return Work.then(serving.backend().decode(target.name(), target.version(), alone, false), names -> {
            Map<Integer, String> byId = new HashMap<>();
            for (int i = 0; i < ids.size(); i++) {
                byId.put(ids.get(i), names.get(i));
            }
            return byId;
        });
    }

    private static List<List<Token>> tokens(
            List<Example> examples, List<Encoding> encodings, Map<Integer, String> specialNames) {
        List<List<Token>> all = new ArrayList<>(encodings.size());
        for (int i = 0; i < encodings.size(); i++) {
            all.add(tokens(examples.get(i).text(), encodings.get(i), specialNames));
        }
        return all;
    }

    private static List<Token> tokens(String text, Encoding encoding, Map<Integer, String> specialNames) {
        int[] codePoints = codePointsBefore(text);
        List<Token> tokens = new ArrayList<>(encoding.length());
        for (int i = 0; i < encoding.length(); i++) {
            int id = encoding.inputIds()[i];
            if (encoding.sequenceIds()[i] < 0) {
                tokens.add(new Token(id, specialNames.getOrDefault(id, ""), true, null, null));
            } else {
                int start = encoding.starts()[i];
                int end = encoding.ends()[i];
                tokens.add(new Token(id, text.substring(start, end), false, codePoints[start], codePoints[end]));
            }
        }
        return tokens;
    }

    /** For each place between chars, how many code points begin before it. */
    private static int[] codePointsBefore(String text) {
        int[] before = new int[text.length() + 1];
        for (int i = 0; i < text.length(); i++) {
            boolean second = i > 0 && Character.isSurrogatePair(text.charAt(i - 1), text.charAt(i));
            before[i + 1] = before[i] + (second ? 0 : 1);
        }
        return before;
    }

    private CompletableFuture<Reply> decode(Call call) {
        DecodeRequest request = ApiJson.read(call.body(), DecodeRequest.class);
        Target target = serving.target(call, request.model());
        requireSome(request.ids().all().size(), "ids");
        boolean skip = request.skipSpecialTokens() == null || request.skipSpecialTokens();
        return Work.then(
                serving.backend()
                        .decode(target.name(), target.version(), request.ids().all(), skip),
                ApiJson::ok);
    }

    private static void requireSome(int count, String what) {
        if (count == 0) {
            throw new Refusal(Kind.EMPTY, "there are no " + what + ", expected at least one");
        }
    }

    private Reply info(Call call) {
        ModelInfo model = serving.target(call, null).info();
        Limits limits = serving.backend().limits();
        return ApiJson.ok(new Info(
                model.name(),
                null,
                model.precision(),
                type(model),
                limits.maxConcurrentRequests(),
                model.maxLength(),
                limits.maxBatchTokens(),
                null,
                limits.maxClientBatchSize(),
                limits.autoTruncate(),
                limits.tokenizationThreads(),
                version,
                null,
                null));
    }

    private static ModelType type(ModelInfo model) {
        if (model.task() instanceof SentenceEmbedding task) {
            String pooling = task.pooling().stream()
                    .map(how -> how.name().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining("+"));
            return new ModelType(null, new EmbeddingModel(pooling));
        }
        List<String> labels = model.task().labels();
        Map<String, String> names = new LinkedHashMap<>();
        Map<String, Integer> ids = new LinkedHashMap<>();
        IntStream.range(0, labels.size()).forEach(i -> {
            names.put(Integer.toString(i), labels.get(i));
            ids.put(labels.get(i), i);
        });
        return new ModelType(new ClassifierModel(names, ids), null);
    }

    private Reply health() {
        if (!serving.backend().ready()) {
            throw new Refusal(Kind.UNHEALTHY, "a model is not ready");
        }
        return new Reply(200, "text/plain", "".getBytes(StandardCharsets.UTF_8), Map.of());
    }
}
