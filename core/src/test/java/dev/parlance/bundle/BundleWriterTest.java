package dev.parlance.bundle;

import static dev.parlance.bundle.BundleFixture.ONNX;
import static dev.parlance.bundle.BundleFixture.WEIGHTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.Json;
import dev.parlance.config.RunConfig;
import dev.parlance.config.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BundleWriterTest {
    @TempDir
    Path directory;

    private Path models; // holds nothing but what the writer puts there
    private Path target;
    private Path base;
    private BundleContents contents;

    @BeforeEach
    void prepare() throws IOException {
        models = directory.resolve("models");
        target = models.resolve("reviews");
        base = BundleFixture.tokenizer(directory.resolve("base"));
        contents = BundleFixture.contents(base);
    }

    @Test
    void writes_every_file_and_nothing_else() throws IOException {
        BundleWriter.write(target, false, contents, WEIGHTS, ONNX);
        assertThat(names(target))
                .containsExactly(
                        "README.md",
                        "config.json",
                        "model.onnx",
                        "model.safetensors",
                        "provenance.json",
                        "report.html",
                        "report.json",
                        "run.yaml",
                        "tokenizer.json",
                        "tokenizer_config.json",
                        "vocab.txt");
        assertThat(names(models)).containsExactly("reviews");
    }

    @ParameterizedTest
    @CsvSource({
        "bert, BertForSequenceClassification",
        "roberta, RobertaForSequenceClassification",
        "distilbert, DistilBertForSequenceClassification",
        "electra, ElectraForSequenceClassification",
        "xlm-roberta, XLMRobertaForSequenceClassification",
        "camembert, CamembertForSequenceClassification"
    })
    void config_is_that_of_a_sequence_classifier(String modelType, String architecture) {
        BundleContents of = BundleFixture.contents(base, modelType, contents.reports());
        ObjectNode config = BundleWriter.write(target, false, of, WEIGHTS, ONNX).config();
        assertThat(Json.line(config))
                .isEqualTo("{\"model_type\":\"" + modelType + "\",\"architectures\":[\"" + architecture
                        + "\"],\"hidden_size\":384,\"max_position_embeddings\":512,"
                        + "\"id2label\":{\"0\":\"refund\",\"1\":\"shipping|delay\",\"2\":\"other\"},"
                        + "\"label2id\":{\"refund\":0,\"shipping|delay\":1,\"other\":2},"
                        + "\"problem_type\":\"single_label_classification\"}");
    }

    @Test
    void refuses_a_base_model_of_another_type() {
        BundleContents gpt = BundleFixture.contents(base, "gpt2", contents.reports());
        assertThatThrownBy(() -> BundleWriter.write(target, false, gpt, WEIGHTS, ONNX))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("model_type 'gpt2', expected one of bert, camembert");
        assertThat(target).doesNotExist();
    }

    @Test
    void tokenizer_is_taken_over_without_its_baked_in_truncation() {
        BundleWriter.write(target, false, contents, WEIGHTS, ONNX);
        ObjectNode tokenizer = Json.readObject(target.resolve("tokenizer.json"));
        assertThat(tokenizer.path("truncation").isNull()).isTrue();
        assertThat(tokenizer.path("model").path("vocab").path("é").intValue()).isZero();
        assertThat(Json.line(Json.readObject(target.resolve("tokenizer_config.json"))))
                .isEqualTo("{\"tokenizer_class\":\"BertTokenizer\",\"model_max_length\":128}");
    }

    @Test
    void run_and_report_are_read_back() {
        ModelBundle bundle = BundleWriter.write(target, false, contents, WEIGHTS, ONNX);
        assertThat(bundle.run()).contains(contents.run());
        assertThat(bundle.report().orElseThrow())
                .usingRecursiveComparison()
                .isEqualTo(contents.reports().get("test"));
        assertThat(bundle.provenance().orElseThrow().path("started_at").textValue())
                .isEqualTo("2026-05-04T10:00:00Z");
    }

    @Test
    void callback_that_throws_leaves_nothing() throws IOException {
        assertThatThrownBy(() -> BundleWriter.write(target, false, contents, WEIGHTS, file -> {
                    Files.writeString(file, "half");
                    throw new IllegalStateException("parity is lost");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("parity is lost")
                .hasNoSuppressedExceptions();
        assertThat(names(models)).isEmpty();
    }

    @Test
    void callback_that_throws_leaves_the_old_model_untouched() throws IOException {
        BundleWriter.write(target, false, contents, file -> Files.writeString(file, "old"), ONNX);
        assertThatThrownBy(() -> BundleWriter.write(target, true, contents, WEIGHTS, file -> {
                    throw new IOException("No space left on device");
                }))
                .isInstanceOf(UserError.class)
                .hasMessage("the model cannot be written to " + target + ": No space left on device");
        assertThat(target.resolve("model.safetensors")).hasContent("old");
        assertThat(names(models)).containsExactly("reviews");
    }

    @Test
    void old_model_is_in_place_while_the_new_one_is_written() {
        BundleWriter.write(target, false, contents, file -> Files.writeString(file, "old"), ONNX);
        BundleWriter.write(target, true, contents, WEIGHTS, file -> {
            assertThat(target.resolve("model.safetensors")).hasContent("old");
            Files.writeString(file, "graph");
        });
        assertThat(target.resolve("model.safetensors")).hasContent("weights");
    }

    @Test
    void overwriting_leaves_only_the_new_files() throws IOException {
        BundleWriter.write(target, false, contents, WEIGHTS, ONNX);
        Files.writeString(target.resolve("model-int8.onnx"), "old");
        BundleWriter.write(target, true, contents, WEIGHTS, ONNX);
        assertThat(names(target)).contains("model.onnx").doesNotContain("model-int8.onnx");
        assertThat(names(models)).containsExactly("reviews");
    }

    @Test
    void failed_swap_brings_the_old_model_back() throws IOException {
        BundleWriter.write(target, false, contents, file -> Files.writeString(file, "old"), ONNX);
        assertThatThrownBy(() -> new AtomicDirectory(target).replace(models.resolve("not-there")))
                .isInstanceOf(NoSuchFileException.class);
        assertThat(target.resolve("model.safetensors")).hasContent("old");
        assertThat(names(models)).containsExactly("reviews");
    }

    @Test
    void callback_that_writes_nothing_is_a_bug() {
        assertThatThrownBy(() -> BundleWriter.write(target, false, contents, file -> {}, ONNX))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the callback has not written model.safetensors");
    }

    @Test
    void refuses_to_replace_a_model_unasked() {
        BundleWriter.write(target, false, contents, WEIGHTS, ONNX);
        assertThatThrownBy(() -> BundleWriter.check(target, false))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("exists and is not empty")
                .hasMessageContaining("--overwrite");
    }

    @Test
    void refuses_to_replace_a_model_that_another_run_finished_meanwhile() throws IOException {
        assertThatThrownBy(() -> BundleWriter.write(target, false, contents, WEIGHTS, file -> {
                    Files.writeString(file, "graph");
                    BundleWriter.write(target, false, contents, other -> Files.writeString(other, "faster"), ONNX);
                }))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("exists and is not empty");
        assertThat(target.resolve("model.safetensors")).hasContent("faster");
        assertThat(names(models)).containsExactly("reviews");
    }

    @Test
    void refuses_to_delete_files_of_others() throws IOException {
        BundleWriter.write(target, false, contents, WEIGHTS, ONNX);
        Files.writeString(target.resolve("thesis.docx"), "years of work");
        assertThatThrownBy(() -> BundleWriter.write(target, true, contents, WEIGHTS, ONNX))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("would lose it: thesis.docx;");
        assertThat(target.resolve("thesis.docx")).hasContent("years of work");
    }

    @Test
    void refuses_a_file_as_target() throws IOException {
        Files.createDirectories(models);
        Files.writeString(target, "a file");
        assertThatThrownBy(() -> BundleWriter.check(target, true))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("is a file, expected a directory");
    }

    @Test
    void refuses_the_root_of_the_disk() {
        assertThatThrownBy(() -> BundleWriter.check(directory.getRoot(), true))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("root of a disk");
    }

    @Test
    void fills_an_empty_directory() throws IOException {
        Files.createDirectories(target);
        BundleWriter.write(target, false, contents, WEIGHTS, ONNX);
        assertThat(target.resolve("config.json")).exists();
    }

    @Test
    void longest_input_is_bounded_by_the_positions() {
        BundleContents longer = new BundleContents(
                BundleFixture.baseConfig("roberta").put("max_position_embeddings", 514),
                contents.task(),
                base,
                contents.reports(),
                RunConfig.defaults().with("model.max_length", 2000),
                contents.provenance());
        assertThat(BundleWriter.write(target, false, longer, WEIGHTS, ONNX).maxLength())
                .isEqualTo(512);
    }

    @Test
    void missing_tokenizer_is_named() {
        BundleContents without = BundleFixture.contents(directory.resolve("nowhere"), "bert", contents.reports());
        assertThatThrownBy(() -> BundleWriter.write(target, false, without, WEIGHTS, ONNX))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("nowhere/tokenizer.json is missing");
    }

    @Test
    void refuses_contents_without_a_report() {
        assertThatThrownBy(() -> BundleFixture.contents(directory, "bert", Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }
}
