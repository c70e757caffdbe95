package dev.parlance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parlance.bundle.ModelBundle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path directory;

    private static String data = "";
    private static String base = "";
    private static String encoder = "";
    private static String model = "";

    @BeforeAll
    static void train() throws IOException {
        data = Files.writeString(directory.resolve("reviews.csv"), TinyBase.rows(120, ','))
                .toString();
        base = TinyBase.write(directory.resolve("tiny")).toString();
        Path without = TinyBase.write(directory.resolve("tiny-encoder"));
        Path config = without.resolve("config.json");
        Files.writeString(
                config, Files.readString(config).replaceFirst("\\{", "{\"architectures\": [\"BertModel\"], "));
        encoder = without.toString();
        model = directory.resolve("model").toString();
        Run run = Run.of(
                "train",
                "--data",
                data,
                "--model",
                base,
                "--output",
                model,
                "--num-train-epochs",
                "8",
                "--learning-rate",
                "0.01",
                "--seed",
                "3",
                "--per-device-train-batch-size",
                "8",
                "--no-tracking");
        assertThat(run.code()).as(run.err()).isZero();
    }

    @Test
    void a_graph_in_32_bits_answers_as_the_model_does() throws IOException {
        String output = directory.resolve("graph").toString();
        Run run = Run.of("export", model, "--opset", "20", "--output", output);
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out().strip()).isEqualTo(output);
        assertThat(run.err()).contains("it differs from the layers by");
        assertThat(files(output))
                .contains("model.onnx", "config.json", "tokenizer.json", "run.yaml", "README.md")
                .doesNotContain("model.safetensors", "quantization.json");
        assertThat(Files.readString(Path.of(output, "README.md"))).doesNotContain("from transformers import");
        assertThat(Run.of("predict", output, "good fine", "broken bad", "--top-k", "2")
                        .out())
                .isEqualTo(Run.of("predict", model, "good fine", "broken bad", "--top-k", "2")
                        .out());
    }

    @Test
    void standard_operators_alone_are_written_if_asked() throws IOException {
        String plain = directory.resolve("plain").toString();
        String fused = directory.resolve("fused").toString();
        assertThat(Run.of("export", model, "--no-optimize", "--output", plain).code())
                .isZero();
        assertThat(Run.of("export", model, "--optimize", "--output", fused).code())
                .isZero();
        assertThat(Files.readString(Path.of(plain, "model.onnx"), StandardCharsets.ISO_8859_1))
                .doesNotContain("com.microsoft");
        assertThat(Files.readString(Path.of(fused, "model.onnx"), StandardCharsets.ISO_8859_1))
                .contains("com.microsoft");
    }

    @Test
    void eight_bits_come_with_a_receipt_and_are_a_model_as_any() throws IOException {
        Run run = Run.of("export", model, "--int8", "--overwrite");
        assertThat(run.code()).as(run.err()).isZero();
        String output = model + "-int8";
        assertThat(run.err()).contains("the test data of the run", "FP32", "INT8", "accuracy", "1x16, ms");
        JsonNode receipt = JSON.readTree(Path.of(output, "quantization.json").toFile());
        assertThat(receipt.path("method").asText()).isEqualTo("dynamic");
        assertThat(receipt.path("layers")).isNotEmpty();
        assertThat(receipt.path("layers").get(0).path("precision").asText()).isEqualTo("int8");
        assertThat(receipt.path("data").path("rows").asInt()).isEqualTo(12);
        assertThat(receipt.path("before").path("scores").path("accuracy").asDouble())
                .isEqualTo(1);
        assertThat(receipt.path("after").path("scores").path("accuracy").asDouble())
                .isEqualTo(1);
        assertThat(receipt.path("after").path("latency_millis").path("1x16").asDouble())
                .isPositive();
        assertThat(receipt.path("onnx_runtime").asText()).isNotEmpty();
        assertThat(Files.readString(Path.of(output, "README.md"))).contains("## 8 bits", "| accuracy | 1.0000 |");
        assertThat(files(output)).doesNotContain("model-fp32.onnx", "model.safetensors");
        assertThat(ModelBundle.open(Path.of(output)).precision()).isEqualTo("int8");
        assertThat(ModelBundle.open(Path.of(model)).precision()).isEqualTo("fp32");
        Run evaluation = Run.of("evaluate", output, "--data", data, "--json");
        assertThat(JSON.readTree(evaluation.out())
                        .path("metrics")
                        .path("accuracy")
                        .asDouble())
                .isGreaterThan(0.95);
        assertThat(Run.of("export", output).err()).contains("is in 8 bits already");
    }

    @Test
    void ranges_can_be_taken_from_texts_that_were_seen() throws IOException {
        for (String calibration : List.of("min_max", "percentile", "entropy")) {
            String output = directory.resolve("static-" + calibration).toString();
            Run run = Run.of(
                    "export",
                    model,
                    "--int8",
                    "--int8-method",
                    "static",
                    "--calibration",
                    calibration,
                    "--max-score-drop",
                    "1",
                    "--output",
                    output);
            assertThat(run.code()).as(run.err()).isZero();
            JsonNode receipt =
                    JSON.readTree(Path.of(output, "quantization.json").toFile());
            assertThat(receipt.path("method").asText()).isEqualTo("static");
            assertThat(receipt.path("calibration").path("range").asText()).isEqualTo(calibration);
            assertThat(receipt.path("calibration").path("from").asText()).isEqualTo("the training data of the run");
            assertThat(receipt.path("after").path("scores").path("accuracy").asDouble())
                    .isGreaterThan(0.9);
        }
    }

    @Test
    void what_loses_too_much_leaves_nothing() throws IOException {
        Path parent = Files.createDirectory(directory.resolve("refused"));
        String output = parent.resolve("small").toString();
        Run run = Run.of("export", encoder, "--int8", "--max-score-drop", "0", "--output", output);
        assertThat(run.code()).as(run.err()).isEqualTo(2);
        assertThat(run.err())
                .contains("measuring how much each of", "in fp32: {cosine=") // the search for a mixture went before
                .contains("8 bits lower the cosine", "nothing is written")
                .doesNotContain("\tat ");
        assertThat(files(parent.toString())).isEmpty();
    }

    @Test
    void an_encoder_is_compared_with_itself() throws IOException {
        String output = directory.resolve("encoder").toString();
        Run run = Run.of("export", encoder, "--int8", "--max-score-drop", "0.1", "--output", output);
        assertThat(run.code()).as(run.err()).isZero();
        JsonNode receipt = JSON.readTree(Path.of(output, "quantization.json").toFile());
        assertThat(receipt.path("before").path("scores").path("cosine").asDouble())
                .isGreaterThan(0.9999);
        assertThat(receipt.path("after").path("scores").path("cosine").asDouble())
                .isBetween(0.9, 0.9999999);
    }

    @Test
    void a_hugging_face_directory_has_no_additions() throws IOException {
        String output = directory.resolve("hf").toString();
        Run run = Run.of("export", model, "--format", "huggingface", "--output", output);
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(files(output))
                .contains("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json")
                .doesNotContain("model.onnx", "run.yaml", "report.json", "provenance.json", "README.md");
        assertThat(Path.of(output, "model.safetensors"))
                .hasBinaryContent(Files.readAllBytes(Path.of(model, "model.safetensors")));
    }

    @Test
    void what_cannot_be_done_is_said_in_a_line() {
        refused("opset is 9, expected 14 to 21", "export", model, "--opset", "9");
        refused("format is 'torchscript', expected onnx or huggingface", "export", model, "--format", "torchscript");
        refused("--max-score-drop without --int8", "export", model, "--max-score-drop", "0.1");
        refused("--int8-method is 'x', expected dynamic or static", "export", model, "--int8", "--int8-method", "x");
        refused("max score drop is 2.0, expected 0 to 1", "export", model, "--int8", "--max-score-drop", "2");
        refused("no --no-optimize with --int8", "export", model, "--int8", "--no-optimize");
        refused("--format onnx with --int8", "export", model, "--int8", "--format", "huggingface");
        refused("are both given", "export", model, "--optimize", "--no-optimize");
        refused("exists and is not empty", "export", model, "--output", base);
        assertThat(Path.of(model + "-onnx")).doesNotExist();
        assertThat(Path.of(model + "-hf")).doesNotExist();
    }

    @Test
    void a_linear_model_has_no_layers_to_trace() {
        String linear = directory.resolve("linear").toString();
        Run trained = Run.of("train", "--data", data, "--model", "linear", "--output", linear, "--no-tracking");
        assertThat(trained.code()).as(trained.err()).isZero();
        refused("is a linear model, whose model.onnx is all", "export", linear, "--int8");
        assertThat(Path.of(linear + "-int8")).doesNotExist();
    }

    private static void refused(String message, String... args) {
        Run run = Run.of(args);
        assertThat(run.code()).as(run.err()).isEqualTo(2);
        assertThat(run.err()).contains(message).doesNotContain("\tat ");
    }

    private static List<String> files(String directory) throws IOException {
        try (Stream<Path> files = Files.list(Path.of(directory))) {
            return files.map(file -> String.valueOf(file.getFileName())).toList();
        }
    }
}
