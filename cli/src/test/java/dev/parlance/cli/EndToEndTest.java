package dev.parlance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a file to answers: what {@code train} writes is what {@code evaluate} and {@code predict} read. */
class EndToEndTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path directory;

    private static String data = "";
    private static String base = "";
    private static String model = "";
    private static Run training = new Run(-1, "", "");

    @BeforeAll
    static void train() throws IOException {
        data = Files.writeString(directory.resolve("reviews.csv"), TinyBase.rows(120, ','))
                .toString();
        base = TinyBase.write(directory.resolve("tiny")).toString();
        model = directory.resolve("model").toString();
        training = trainTo(model);
    }

    private static Run trainTo(String output, String... more) {
        List<String> words = new ArrayList<>(List.of("train", "--data", data, "--model", base));
        words.addAll(List.of(
                "--output",
                output,
                "--num-train-epochs",
                "8",
                "--learning-rate",
                "0.01",
                "--seed",
                "3",
                "--per-device-train-batch-size",
                "8"));
        words.addAll(List.of(more));
        return Run.of(words.toArray(String[]::new));
    }

    @Test
    void training_tells_columns_scores_and_where_the_model_is() {
        assertThat(training.code()).as(training.err()).isZero();
        assertThat(training.out()).startsWith("Scores on the test data").contains("accuracy 1.0000 on 12 examples");
        assertThat(training.err())
                .contains("text 'sentence' by its name", "label 'label' by its name")
                .contains("2 labels", "(best so far)", "model, report and ONNX graph: " + model)
                .contains("try it: parlance predict " + model);
    }

    @Test
    void the_model_is_a_hugging_face_directory_with_its_report_and_its_origin() throws IOException {
        for (String file : List.of("config.json", "model.safetensors", "model.onnx", "tokenizer.json", "README.md")) {
            assertThat(Path.of(model, file)).isNotEmptyFile();
        }
        assertThat(JSON.readTree(Path.of(model, "report.json").toFile()).has("test"))
                .isTrue();
        String provenance = Files.readString(Path.of(model, "provenance.json"));
        assertThat(provenance).contains("\"command\"", "\"train\"", "reviews.csv", "sha256");
        assertThat(Files.readString(Path.of(model, "run.yaml"))).contains("learning_rate: 0.01", "seed: 3");
    }

    @Test
    void evaluation_measures_what_training_learned() throws IOException {
        Run run = Run.of("evaluate", model, "--data", data, "--json");
        assertThat(run.code()).as(run.err()).isZero();
        JsonNode report = JSON.readTree(run.out());
        assertThat(report.path("examples").asInt()).isEqualTo(120);
        assertThat(report.path("metrics").path("accuracy").asDouble()).isGreaterThan(0.95);
    }

    @Test
    void prediction_labels_texts_files_and_streams_alike() throws IOException {
        Run texts = Run.of("predict", model, "good fine", "broken bad", "--top-k", "2");
        assertThat(texts.code()).as(texts.err()).isZero();
        assertThat(labels(texts.out())).containsExactly("positive", "negative");

        Path input = Files.writeString(directory.resolve("new.csv"), "id,text\n1,good fine\n2,\"broken bad\"\n");
        Path output = directory.resolve("new.jsonl");
        Run file = Run.of("predict", model, "--input", input.toString(), "--output", output.toString());
        assertThat(file.code()).as(file.err()).isZero();
        assertThat(file.out()).isEmpty();
        assertThat(labels(Files.readString(output))).containsExactly("positive", "negative");

        Run stream = Run.withInput("good fine\nbroken bad\n", "predict", model, "--input", "-");
        assertThat(stream.code()).as(stream.err()).isZero();
        assertThat(labels(stream.out())).containsExactly("positive", "negative");
    }

    private static List<String> labels(String lines) throws IOException {
        List<String> labels = new ArrayList<>();
        for (String line : lines.lines().toList()) {
            labels.add(JSON.readTree(line).path("label").asText());
        }
        return labels;
    }

    @Test
    void a_model_is_not_overwritten_unless_asked() throws IOException {
        String output = directory.resolve("again").toString();
        assertThat(trainTo(output).code()).isZero();
        byte[] before = Files.readAllBytes(Path.of(output, "model.safetensors"));
        Run refused = trainTo(output, "--seed", "4");
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains(output).contains("--overwrite").doesNotContain("\tat ");
        assertThat(Path.of(output, "model.safetensors")).hasBinaryContent(before);
        assertThat(trainTo(output, "--overwrite").code()).isZero();
    }

    @Test
    void the_same_seed_gives_the_same_weights() throws IOException {
        String output = directory.resolve("repeated").toString();
        assertThat(trainTo(output).code()).isZero();
        assertThat(Path.of(output, "model.safetensors"))
                .hasBinaryContent(Files.readAllBytes(Path.of(model, "model.safetensors")));
    }

    @Test
    void a_profile_is_a_trace_and_a_table_after_the_scores() throws IOException {
        String output = directory.resolve("profiled").toString();
        Run run = trainTo(output, "--no-tracking", "--profile", "3");
        assertThat(run.code()).as(run.err()).isZero();
        String trace = Path.of(output + ".profile", "trace.json").toString();
        assertThat(run.err()).contains("profile of 3 steps: " + trace);
        assertThat(run.out())
                .startsWith("Scores on the test data")
                .contains("Where a training step goes: steps 6 to 8, ")
                .contains("3 steps right before, not profiled: ", " of the GEMM peak of ")
                .contains("WORK", "matrix products", "optimizer", "waiting for the slowest thread")
                .contains("OPERATION", "linear", "backward")
                .contains("Open " + trace + " in chrome://tracing or ui.perfetto.dev");
        assertThat(JSON.readTree(Path.of(trace).toFile()).path("traceEvents").size())
                .isGreaterThan(100);
        assertThat(Path.of(output, "model.safetensors"))
                .hasBinaryContent(Files.readAllBytes(Path.of(model, "model.safetensors")));
    }

    @Test
    void a_profile_is_of_one_run() {
        Run linear =
                trainTo(directory.resolve("none").toString(), "--profile", "--set", "model.model_name_or_path=linear");
        assertThat(linear.code()).isEqualTo(2);
        assertThat(linear.err()).contains("training.profile_steps is 10", "model_name_or_path is linear");
        Run folds = trainTo(directory.resolve("none").toString(), "--profile", "--cv", "3");
        assertThat(folds.code()).isEqualTo(2);
        assertThat(folds.err()).contains("training.profile_steps is 10", "cross-validation");
        Run choice = trainTo(directory.resolve("none").toString(), "--profile", "--auto");
        assertThat(choice.code()).isEqualTo(2);
        assertThat(choice.err()).contains("training.profile_steps is 10, but --auto trains many models");
    }

    @Test
    void columns_that_were_set_are_told_too() {
        Run run = trainTo(directory.resolve("set").toString(), "--label-column", "label");
        assertThat(run.err()).contains("label 'label' as set", "text 'sentence' by its name");
    }
}
