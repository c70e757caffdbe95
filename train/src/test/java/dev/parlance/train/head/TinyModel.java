package dev.parlance.train.head;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parlance.train.encoder.EncoderConfig;
import dev.parlance.train.tensor.Tensor;
import dev.parlance.train.weights.Safetensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A model of src/test/resources/tiny-models with its batch and what transformers computed. */
public record TinyModel(Path directory, JsonNode expected) {
    public static TinyModel of(String name) {
        try {
            Path directory = Path.of(Objects.requireNonNull(TinyModel.class.getResource("/tiny-models/" + name))
                    .toURI());
            return new TinyModel(
                    directory,
                    new ObjectMapper()
                            .readTree(directory.resolve("expected.json").toFile()));
        } catch (IOException | java.net.URISyntaxException e) {
            throw new IllegalStateException("broken fixture " + name, e);
        }
    }

    public EncoderConfig config() {
        return EncoderConfig.read(directory.resolve("config.json"));
    }

    public Safetensors weights() {
        return Safetensors.openModel(directory);
    }

    public SequenceClassifier load() {
        try (Safetensors weights = weights()) {
            return SequenceClassifier.load(config(), 3, weights, "tiny", false, 1)
                    .model();
        }
    }

    public Tensor inputIds() {
        return Objects.requireNonNull(longs("input_ids"));
    }

    public Tensor attentionMask() {
        return Objects.requireNonNull(longs("attention_mask"));
    }

    public @Nullable Tensor tokenTypeIds() {
        return longs("token_type_ids");
    }

    public float[] expected(String key) {
        return floats(expected.get(key));
    }

    private @Nullable Tensor longs(String key) {
        JsonNode rows = expected.get(key);
        if (rows.isNull()) {
            return null;
        }
        float[] flat = floats(rows);
        long[] values = new long[flat.length];
        for (int i = 0; i < flat.length; i++) {
            values[i] = (long) flat[i];
        }
        return Tensor.fromLongs(values, rows.size(), rows.get(0).size());
    }

    private static float[] floats(JsonNode node) {
        java.util.List<Float> flat = new java.util.ArrayList<>();
        collect(node, flat);
        float[] values = new float[flat.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = flat.get(i);
        }
        return values;
    }

    private static void collect(JsonNode node, java.util.List<Float> flat) {
        if (node.isArray()) {
            node.forEach(child -> collect(child, flat));
        } else {
            flat.add(node.floatValue());
        }
    }
}
