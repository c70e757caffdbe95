package dev.parlance.server.api;

import dev.parlance.config.UserError;
import dev.parlance.data.Embedding;
import dev.parlance.data.Example;
import dev.parlance.predict.Prediction;
import dev.parlance.server.engine.Answer;
import dev.parlance.server.engine.ModelInfo;
import dev.parlance.server.engine.ModelSpec;
import dev.parlance.server.engine.Models.Traffic;
import dev.parlance.server.engine.Refusal;
import dev.parlance.server.engine.Refusal.Kind;
import dev.parlance.server.engine.Request;
import dev.parlance.task.Pooling;
import dev.parlance.task.SentenceEmbedding;
import dev.parlance.task.Task;
import dev.parlance.task.TextClassification;
import dev.parlance.tokenize.Encoding;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Three models that need no files. {@code reviews} gives a text the logits -1, 1 and 0, times 2 if it holds "fine"; {@code compass}
 * gives directions as vectors of length 2 to 5; {@code unit} the same, scaled. A token is a char, 100 and 200 are special.
 */
final class FakeBackend implements Backend {
    static final Instant LOADED = Instant.ofEpochSecond(1_700_000_000);
    static final List<String> LABELS = List.of("negative", "positive", "neutral");
    static final Map<String, float[]> DIRECTIONS = Map.of(
            "east", new float[] {2, 0, 0},
            "north", new float[] {0, 3, 0},
            "northeast", new float[] {3, 4, 0},
            "west", new float[] {-2, 0, 0},
            "go east", new float[] {0, 0, 5});

    final List<ModelInfo> models = new ArrayList<>();
    final Map<String, Traffic> traffic = new HashMap<>();
    final List<Request> asked = new ArrayList<>();

    @Nullable
    Refusal refusal;

    @Nullable
    CompletableFuture<Answer> pending;

    boolean ready = true;

    FakeBackend() {
        add("reviews", "1", new TextClassification(LABELS));
        add("reviews", "2", new TextClassification(LABELS));
        add("teams/compass", "1", encoder(false));
        add("unit", "1", encoder(true));
    }

    private static SentenceEmbedding encoder(boolean normalize) {
        return new SentenceEmbedding(3, List.of(Pooling.MEAN), normalize, Map.of("query", "go "), null);
    }

    private void add(String name, String version, Task task) {
        int dimensions = task instanceof SentenceEmbedding encoder ? encoder.dimensions() : 0;
        models.add(new ModelInfo(name, version, task, "bert", 128, dimensions, "float32", Path.of("/nowhere"), LOADED));
        traffic.putIfAbsent(name, new Traffic(version, null, 0, null));
    }

    @Override
    public CompletableFuture<Answer> submit(Request request) {
        asked.add(request);
        if (pending != null) {
            return pending;
        }
        if (refusal != null) {
            return CompletableFuture.failedFuture(refusal);
        }
        ModelInfo model = get(request.model(), request.version());
        List<Prediction> predictions = request.inputs().stream()
                .map(input -> predict(model.task(), input))
                .toList();
        int characters = request.inputs().stream()
                .mapToInt(input -> input.text().length())
                .sum();
        Answer.Timing timing = new Answer.Timing(Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMillis(3));
        return CompletableFuture.completedFuture(
                new Answer(model, predictions, 10 * predictions.size(), characters, timing));
    }

    private static Prediction predict(Task task, Example input) {
        if (task instanceof SentenceEmbedding encoder) {
            float[] vector =
                    DIRECTIONS.getOrDefault(input.text(), new float[] {1, 1, 1}).clone();
            if (encoder.normalize()) {
                double length = Math.sqrt(vector[0] * vector[0] + vector[1] * vector[1] + vector[2] * vector[2]);
                for (int i = 0; i < vector.length; i++) {
                    vector[i] /= (float) length;
                }
            }
            return new Prediction(input, new Embedding(vector), new float[0], 0);
        }
        float scale = input.text().contains("fine") ? 2 : 1;
        float[] logits = {-scale, scale, 0};
        Encoding none = new Encoding(new int[0], new int[0], new int[0], new int[0], new int[0], new int[0], 0);
        return new Prediction(input, task.decode(logits, none), logits, 0);
    }

    @Override
    public CompletableFuture<List<Encoding>> tokenize(
            String model, @Nullable String version, List<Example> inputs, boolean addSpecialTokens) {
        return CompletableFuture.completedFuture(inputs.stream()
                .map(input -> encode(input.text(), addSpecialTokens))
                .toList());
    }

    private static Encoding encode(String text, boolean special) {
        List<int[]> tokens = new ArrayList<>(); // id, start, end, sequence
        if (special) {
            tokens.add(new int[] {100, 0, 0, -1});
        }
        for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
            tokens.add(new int[] {text.codePointAt(i), i, text.offsetByCodePoints(i, 1), 0});
        }
        if (special) {
            tokens.add(new int[] {200, 0, 0, -1});
        }
        int[][] columns = new int[4][];
        for (int column = 0; column < 4; column++) {
            int which = column;
            columns[column] = tokens.stream().mapToInt(token -> token[which]).toArray();
        }
        int[] zeros = new int[tokens.size()];
        return new Encoding(columns[0], zeros, columns[1], columns[2], zeros, columns[3], 0);
    }

    @Override
    public CompletableFuture<List<String>> decode(
            String model, @Nullable String version, List<int[]> ids, boolean skipSpecialTokens) {
        return CompletableFuture.completedFuture(ids.stream()
                .map(text -> {
                    StringBuilder decoded = new StringBuilder();
                    Arrays.stream(text).forEach(id -> {
                        if (id != 100 && id != 200) {
                            decoded.appendCodePoint(id);
                        } else if (!skipSpecialTokens) {
                            decoded.append(id == 100 ? "[CLS]" : "[SEP]");
                        }
                    });
                    return decoded.toString();
                })
                .toList());
    }

    @Override
    public List<ModelInfo> list() {
        return List.copyOf(models);
    }

    @Override
    public ModelInfo get(String name, @Nullable String version) {
        String wanted = version != null ? version : traffic(name).defaultVersion();
        return models.stream()
                .filter(model -> model.name().equals(name) && model.version().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new Refusal(Kind.NOT_FOUND, "there is no such version"));
    }

    @Override
    public ModelInfo load(ModelSpec spec) {
        if (!spec.directory().toString().equals("/models/good")) {
            throw new UserError(spec.directory() + " is no directory, expected one of a trained model");
        }
        add(spec.name(), spec.version(), new TextClassification(LABELS));
        return get(spec.name(), spec.version());
    }

    @Override
    public void unload(String name, @Nullable String version) {
        if (!models.removeIf(model ->
                model.name().equals(name) && (version == null || model.version().equals(version)))) {
            throw new Refusal(Kind.NOT_FOUND, "there is no such version");
        }
    }

    @Override
    public void route(String name, Traffic routed) {
        get(name, routed.defaultVersion());
        traffic.put(name, routed);
    }

    @Override
    public Traffic traffic(String name) {
        Traffic found = traffic.get(name);
        if (found == null) {
            throw new Refusal(Kind.NOT_FOUND, "there is no model of that name, expected one of reviews");
        }
        return found;
    }

    @Override
    public boolean ready() {
        return ready;
    }

    @Override
    public Limits limits() {
        return new Limits(512, 16_384, 32, false, 2);
    }

    @Override
    public PageBodies.StatsReply stats() {
        return new PageBodies.StatsReply(
                1, true, 2, Map.of("overloaded", 1L), 0, List.of(), new PageBodies.StatsLimits(16_384, 512, 32));
    }
}
