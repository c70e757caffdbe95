package dev.parlance.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlance.config.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelBundleTest {
    private static final String CONFIG = """
            {"architectures": ["BertForSequenceClassification"], "model_type": "bert", "max_position_embeddings": 512,
             "id2label": {"0": "no", "1": "yes"}, "label2id": {"yes": 1, "no": 0}, "problem_type": null}""";

    @TempDir
    Path directory;

    @Test
    void opens_a_directory_that_another_tool_wrote() throws IOException {
        write(CONFIG);
        ModelBundle bundle = ModelBundle.open(directory);
        assertThat(bundle.labels()).containsExactly("no", "yes");
        assertThat(bundle.task().labels()).containsExactly("no", "yes");
        assertThat(bundle.modelType()).isEqualTo("bert");
        assertThat(bundle.maxLength()).isEqualTo(512);
        assertThat(bundle.report()).isEmpty();
        assertThat(bundle.run()).isEmpty();
        assertThat(bundle.provenance()).isEmpty();
    }

    @Test
    void orders_labels_by_their_number_and_not_as_text() throws IOException {
        StringBuilder labels = new StringBuilder();
        for (int id = 11; id >= 0; id--) {
            labels.append('"').append(id).append("\": \"label").append(id).append(id == 0 ? "\"" : "\", ");
        }
        write("{\"id2label\": {" + labels + "}}");
        assertThat(ModelBundle.open(directory).labels())
                .startsWith("label0", "label1", "label2")
                .endsWith("label11");
    }

    @Test
    void takes_an_unlimited_tokenizer_for_unlimited() throws IOException {
        write(CONFIG);
        Files.writeString(
                directory.resolve("tokenizer_config.json"), "{\"model_max_length\": 1000000000000000019884624838656}");
        assertThat(ModelBundle.open(directory).maxLength()).isEqualTo(512);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "{\"id2label\": {\"0\": \"a\", \"2\": \"b\"}} # none that names 1; expected the keys 0 to 1",
                "{\"model_type\": \"bert\"} # has no id2label",
                "{\"id2label\": {\"0\": \"a\", \"1\": \"a\"}} # the label 'a' is there twice",
                "{\"id2label\": {\"0\": \"a\", \"1\": \"b\"}, \"label2id\": {\"a\": 1, \"b\": 0}} # but label2id has 1 for it; expected 0",
                "{\"id2label\": {\"0\": \"a\", \"1\": \"b\"}, \"label2id\": {\"a\": 0}} # has 2 entries in id2label and 1 in label2id",
                "{\"architectures\": [\"BertForMaskedLM\"]} # is of a BertForMaskedLM, expected a classifier",
                "{\"problem_type\": \"multi_label_classification\"} # has problem_type multi_label_classification",
                "[1] # holds no JSON object",
                "{\"id2label\" # is no valid JSON"
            })
    void refuses_a_config_that_is_no_classifiers(String config, String reason) throws IOException {
        write(config);
        assertThatThrownBy(() -> ModelBundle.open(directory))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(reason);
    }

    @Test
    void names_what_is_missing() throws IOException {
        assertThatThrownBy(() -> ModelBundle.open(directory.resolve("nowhere")))
                .isInstanceOf(UserError.class)
                .hasMessageEndingWith("nowhere is no directory, expected one of a trained model");
        assertThatThrownBy(() -> ModelBundle.open(directory)).hasMessageContaining("has no config.json");
        Files.writeString(directory.resolve("config.json"), CONFIG);
        assertThatThrownBy(() -> ModelBundle.open(directory)).hasMessageContaining("has no tokenizer.json");
        write(CONFIG);
        ModelBundle bundle = ModelBundle.open(directory);
        assertThatThrownBy(bundle::onnxFile)
                .isInstanceOf(UserError.class)
                .hasMessageContaining("has no model.onnx; expected the directory of a model that parlance train wrote");
        assertThatThrownBy(bundle::weightsFile).hasMessageContaining("has no model.safetensors");
    }

    @Test
    void names_what_a_crash_has_left_behind() throws IOException {
        Files.createDirectories(directory.resolve(".reviews.old-1234"));
        assertThatThrownBy(() -> ModelBundle.open(directory.resolve("reviews")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("a crash while it was replaced has left")
                .hasMessageContaining(".reviews.old-1234, rename that");
    }

    @Test
    void refuses_a_report_of_other_labels() throws IOException {
        write(CONFIG);
        Files.writeString(
                directory.resolve("report.json"),
                "{\"test\": " + BundleFixture.report().toJson() + "}");
        ModelBundle bundle = ModelBundle.open(directory);
        assertThatThrownBy(bundle::report)
                .isInstanceOf(UserError.class)
                .hasMessageContaining("reports on other labels than config.json has");
    }

    private void write(String config) throws IOException {
        Files.writeString(directory.resolve("config.json"), config);
        Files.writeString(directory.resolve("tokenizer.json"), "{}");
    }
}
