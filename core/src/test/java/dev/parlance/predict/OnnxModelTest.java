package dev.parlance.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.parlance.config.UserError;
import dev.parlance.task.Logits;
import dev.parlance.tokenize.Batch;
import dev.parlance.tokenize.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxModelTest {
    private static final Path TINY = Fixtures.file("tiny.onnx");

    @Test
    void computes_the_logits_of_a_padded_batch() {
        try (OnnxModel model = OnnxModel.load(TINY)) {
            Batch batch = batch("my order", "where is my order now", "");
            Logits logits = model.forward(batch);
            assertThat(logits.shape()).containsExactly(3, 3);
            assertLogits(logits, batch);
        }
    }

    @Test
    void reuses_its_buffers_for_batches_of_other_shapes() {
        try (OnnxModel model = OnnxModel.load(TINY, new OnnxOptions(1, true))) {
            for (int rows : List.of(5, 1, 9, 2)) {
                Batch batch = batch(IntStream.range(0, rows)
                        .mapToObj(i -> "my order ".repeat(i + 1))
                        .toArray(String[]::new));
                assertLogits(model.forward(batch), batch);
            }
        }
    }

    @Test
    void runs_on_many_threads_at_once() {
        try (OnnxModel model = OnnxModel.load(TINY)) {
            IntStream.range(1, 60).parallel().forEach(i -> {
                Batch batch = batch("order ".repeat(i), "my");
                assertLogits(model.forward(batch), batch);
            });
        }
    }

    @Test
    void a_model_over_tokens_is_no_linear_one() {
        assertThatThrownBy(() -> OnnxModel.loadLinear(TINY, OnnxOptions.defaults()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("expected int64 feature_ids and float feature_values");
    }

    @Test
    void may_be_closed_twice_and_says_so_afterwards() {
        OnnxModel model = OnnxModel.load(TINY);
        model.close();
        model.close();
        assertThatThrownBy(() -> model.forward(batch("x")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("tiny.onnx is closed");
    }

    @Test
    void refuses_files_that_are_no_text_model(@TempDir Path directory) throws IOException {
        Path broken = Files.writeString(directory.resolve("broken.onnx"), "no model");
        Path cut = Files.write(directory.resolve("cut.onnx"), Arrays.copyOf(Files.readAllBytes(TINY), 500));
        for (Path file : List.of(broken, cut)) {
            assertThatThrownBy(() -> OnnxModel.load(file))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining(file + " is no model");
        }
        assertThatThrownBy(() -> OnnxModel.load(directory.resolve("absent.onnx")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("is not a file");
        assertThatThrownBy(() -> OnnxModel.load(Fixtures.file("foreign.onnx")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("input pixels");
        assertThatThrownBy(() -> new OnnxOptions(-1, false)).isInstanceOf(UserError.class);
    }

    @Test
    void unpacks_the_natives_once_and_mends_a_damaged_file(@TempDir Path cache) throws IOException {
        OnnxNatives natives = new OnnxNatives(ai.onnxruntime.OrtEnvironment.class, cache);
        Path directory = natives.unpack().orElseThrow();
        List<Path> files;
        try (Stream<Path> listed = Files.list(directory)) {
            files = listed.toList();
        }
        assertThat(files).hasSize(2).allMatch(file -> !file.toString().endsWith(".part"));
        var untouched = Files.getLastModifiedTime(files.get(0));
        assertThat(natives.unpack()).contains(directory);
        assertThat(Files.getLastModifiedTime(files.get(0))).isEqualTo(untouched);
        long size = Files.size(files.get(0));
        Files.write(files.get(0), new byte[10]);
        natives.unpack();
        assertThat(Files.size(files.get(0))).isEqualTo(size);
    }

    @Test
    void goes_on_without_a_cache_when_it_cannot_be_written(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "in the way");
        assertThat(new OnnxNatives(ai.onnxruntime.OrtEnvironment.class, file).unpack())
                .isEmpty();
    }

    private static Batch batch(String... texts) {
        try (Tokenizer tokenizer = Fixtures.tokenizer()) {
            return Batch.of(Stream.of(texts).map(tokenizer::encode).toList(), tokenizer.padTokenId());
        }
    }

    private static void assertLogits(Logits logits, Batch batch) {
        for (int row = 0; row < batch.size(); row++) {
            for (int label = 0; label < 3; label++) {
                assertThat((double) logits.row(row)[label]).isCloseTo(Fixtures.logit(batch, row, label), within(1e-5));
            }
        }
    }
}
