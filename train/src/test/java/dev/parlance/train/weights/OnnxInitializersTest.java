package dev.parlance.train.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlance.config.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a graph with one layer, hidden size 4 and feed-forward size 8, whose weights all count 0, 1, 2, ... as stored. */
class OnnxInitializersTest {
    @TempDir
    private Path directory;

    private byte[] content = {};

    @BeforeEach
    void readFixture() throws IOException {
        try (InputStream in = OnnxInitializersTest.class.getResourceAsStream("tiny-bert.onnx")) {
            content = Objects.requireNonNull(in).readAllBytes();
        }
    }

    @Test
    void finds_names_shapes_and_sizes() throws IOException {
        try (OnnxInitializers weights = OnnxInitializers.open(file(content))) {
            assertThat(weights.bertShape()).isEqualTo(new BertShape(6, 4, 1, 2, 8, 3, 2, 1e-12));
            assertThat(weights.names())
                    .hasSize(5 + 16)
                    .doesNotContain("embeddings.position_ids")
                    .contains("embeddings.LayerNorm.bias", "encoder.layer.0.attention.self.value.weight");
            assertThat(weights.shape("encoder.layer.0.intermediate.dense.weight"))
                    .containsExactly(8, 4);
            assertThat(weights.shape("embeddings.word_embeddings.weight")).containsExactly(6, 4);
        }
    }

    @Test
    void transposes_matrices_and_nothing_else() throws IOException {
        try (OnnxInitializers weights = OnnxInitializers.open(file(content))) {
            float[] dense = new float[32];
            weights.copyInto("encoder.layer.0.intermediate.dense.weight", FloatBuffer.wrap(dense));
            assertThat(Arrays.copyOf(dense, 8)).containsExactly(0, 8, 16, 24, 1, 9, 17, 25);
            float[] words = new float[24];
            weights.copyInto("embeddings.word_embeddings.weight", FloatBuffer.wrap(words));
            assertThat(Arrays.copyOf(words, 6)).containsExactly(0, 1, 2, 3, 4, 5);
            assertThatThrownBy(() ->
                            weights.copyInto("encoder.layer.0.intermediate.dense.weight", FloatBuffer.allocate(31)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void refuses_a_graph_that_is_not_quite_that_encoder() throws IOException {
        assertRefused("Add", "Sub", 3, "is not followed by the addition of");
        assertRefused("self.query.bias", "self.qxery.bias", "query/MatMul is not followed");
        assertRefused("embeddings.LayerNorm.bias", "embeddings.LayerNorm.bxas", "bxas");
        assertRefused("self/Constant_3", "self/Constant_9", 2, "no single constant");
        assertRefused("/intermediate/dense/MatMul", "/intermediate/dense/MatMxl", 2, "is called");
        assertRefused("onnx::MatMul_5", "onnx::MatMul_9", 2, "no MatMul uses");
    }

    @Test
    void refuses_files_that_are_no_onnx_file() throws IOException {
        for (int length = 0; length < content.length; length += 97) {
            Path file = file(Arrays.copyOf(content, length));
            assertThatThrownBy(() -> OnnxInitializers.open(file))
                    .as("%d bytes", length)
                    .isInstanceOf(UserError.class);
        }
        byte[] text = "This is not a model, but some text that goes on.".getBytes(StandardCharsets.UTF_8);
        Path file = file(text);
        assertThatThrownBy(() -> OnnxInitializers.open(file)).isInstanceOf(UserError.class);
    }

    private void assertRefused(String original, String replacement, String part) throws IOException {
        assertRefused(original, replacement, 1, part);
    }

    private void assertRefused(String original, String replacement, int occurrence, String part) throws IOException {
        String text = new String(content, StandardCharsets.ISO_8859_1);
        int at = -1;
        for (int i = 0; i < occurrence; i++) {
            at = text.indexOf(original, at + 1);
            assertThat(at).isNotNegative();
        }
        String changed = text.substring(0, at) + replacement + text.substring(at + original.length());
        Path file = file(changed.getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> OnnxInitializers.open(file))
                .as("%s -> %s", original, replacement)
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith(file + " is no BERT encoder")
                .hasMessageContaining(part);
    }

    private Path file(byte[] bytes) throws IOException {
        return Files.write(directory.resolve("model.onnx"), bytes);
    }
}
