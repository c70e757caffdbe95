package dev.parlance.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parlance.bundle.ModelBundle;
import dev.parlance.data.Annotation;
import dev.parlance.data.Labels;
import dev.parlance.linear.WeightedFeature;
import dev.parlance.predict.Pipeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --model linear} through every command: the same bundle, the same answers, in a fraction of the time. */
class LinearEndToEndTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path directory;

    private static String data = "";
    private static String model = "";
    private static Run training = new Run(-1, "", "");

    @BeforeAll
    static void train() throws IOException {
        data = Files.writeString(directory.resolve("reviews.csv"), rows(240)).toString();
        model = directory.resolve("model").toString();
        training = trainTo(model);
    }

    /** English, Chinese and both mixed, such that a word tells the label. */
    private static String rows(int count) {
        StringBuilder rows = new StringBuilder("text,label\n");
        String[] good = {"a good film number %d", "房间很干净%d号", "服务很好 good %d"};
        String[] bad = {"a bad film number %d", "房间太脏了%d号", "服务很差 bad %d"};
        for (int i = 0; i < count; i++) {
            String text = (i % 2 == 0 ? good : bad)[i / 2 % 3].formatted(i % 17);
            rows.append(text).append(i % 2 == 0 ? ",positive\n" : ",negative\n");
        }
        return rows.toString();
    }

    private static Run trainTo(String output, String... more) {
        List<String> words = new ArrayList<>(List.of("train", "--data", data, "--model", "linear", "--output", output));
        words.addAll(List.of(more));
        return Run.of(words.toArray(String[]::new));
    }

    @Test
    void training_tells_each_fit_and_the_scores() {
        assertThat(training.code()).as(training.err()).isZero();
        assertThat(training.out()).startsWith("Scores on the test data").contains("accuracy 1.0000 on ");
        assertThat(training.err())
                .contains(
                        "Counting n-grams",
                        "Trying C = 1\n",
                        "Fitting with C = ",
                        "(best so far)",
                        "fits in ",
                        "try it: ")
                .doesNotContain("tokens/s");
    }

    @Test
    void the_bundle_has_a_vocabulary_in_place_of_a_tokenizer_and_says_what_it_looks_at() throws IOException {
        for (String file : List.of("model.safetensors", "model.onnx", "vocabulary.jsonl", "report.json", "run.yaml")) {
            assertThat(Path.of(model, file)).isNotEmptyFile();
        }
        assertThat(Path.of(model, "tokenizer.json")).doesNotExist();
        assertThat(JSON.readTree(Path.of(model, "config.json").toFile())
                        .path("model_type")
                        .asText())
                .isEqualTo("parlance-linear");
        assertThat(Files.readString(Path.of(model, "README.md")))
                .contains(
                        "A linear model over TF-IDF",
                        "## What it looks at",
                        "\"good\"",
                        "does not open in transformers")
                .doesNotContain("tokens are cut", "from transformers import", "library_name");
        assertThat(Files.readString(Path.of(model, "provenance.json")))
                .contains("\"lucene\"", "reviews.csv")
                .doesNotContain("libtorch");
        Map<String, List<WeightedFeature>> top =
                ModelBundle.open(Path.of(model)).topFeatures();
        assertThat(top.get("positive")).extracting(WeightedFeature::text).contains("good", "干净");
        assertThat(top.get("negative")).extracting(WeightedFeature::text).contains("bad");
    }

    @Test
    void evaluation_and_prediction_work_as_with_any_model() throws IOException {
        Run evaluation = Run.of("evaluate", model, "--data", data, "--json");
        assertThat(evaluation.code()).as(evaluation.err()).isZero();
        assertThat(JSON.readTree(evaluation.out())
                        .path("metrics")
                        .path("accuracy")
                        .asDouble())
                .isEqualTo(1);
        Run texts = Run.of("predict", model, "good", "房间太脏", "", "--top-k", "2");
        assertThat(texts.code()).as(texts.err()).isZero();
        List<JsonNode> answers = new ArrayList<>();
        for (String line : texts.out().lines().toList()) {
            answers.add(JSON.readTree(line));
        }
        assertThat(answers).extracting(answer -> answer.path("label").asText()).startsWith("positive", "negative");
        assertThat(answers.get(2).path("score").asDouble()).isCloseTo(0.5, within(0.2)); // nothing is known of it
        Run stream = Run.withInput("good\nbad\n", "predict", model, "--input", "-");
        assertThat(stream.out().lines()).hasSize(2);
    }

    @Test
    void a_text_of_200000_characters_gets_the_answer_of_its_words() {
        try (Pipeline pipeline = Pipeline.load(Path.of(model))) {
            String longText = "a good film 房间很干净 unknown%d ".repeat(8_000);
            List<Annotation> answers = pipeline.predict(List.of(longText, "good", "x".repeat(200_000)));
            assertThat(((Labels) answers.get(0)).best().label()).isEqualTo("positive");
            assertThat(answers).hasSize(3);
        }
    }

    @Test
    void the_saved_settings_give_the_same_bits_with_any_number_of_threads() throws IOException {
        String again = directory.resolve("again").toString();
        Run run =
                Run.of("train", "--config", Path.of(model, "run.yaml").toString(), "--output", again, "--threads", "3");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err()).contains("1 fit in");
        for (String file : List.of("model.safetensors", "model.onnx", "vocabulary.jsonl")) {
            assertThat(Path.of(again, file)).hasBinaryContent(Files.readAllBytes(Path.of(model, file)));
        }
    }

    @Test
    void a_vocabulary_of_another_model_is_refused() throws IOException {
        String other = directory.resolve("other").toString();
        assertThat(trainTo(other, "--min-df", "1", "--char-ngram-range", "none").code())
                .isZero();
        Files.copy(
                Path.of(model, "vocabulary.jsonl"),
                Path.of(other, "vocabulary.jsonl"),
                StandardCopyOption.REPLACE_EXISTING);
        Run run = Run.of("predict", other, "good");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("config.json has num_features");
    }

    @Test
    void settings_that_contradict_each_other_are_named() {
        Run none = trainTo(
                directory.resolve("none").toString(), "--word-ngram-range", "none", "--char-ngram-range", "none");
        assertThat(none.code()).isEqualTo(2);
        assertThat(none.err()).contains("linear.word_ngram_range and linear.char_ngram_range are both none");
        Run range = trainTo(directory.resolve("range").toString(), "--word-ngram-range", "3,1");
        assertThat(range.err()).contains("linear.word_ngram_range is '3,1', expected SHORTEST,LONGEST");
        Run rare = trainTo(directory.resolve("rare").toString(), "--min-df", "999");
        assertThat(rare.code()).isEqualTo(2);
        assertThat(rare.err()).contains("no n-gram occurs in at least 999 of the 189 training texts");
    }

    @Test
    void linear_is_listed_and_cannot_be_fetched() {
        assertThat(Run.of("models").out()).contains("\nlinear ");
        Run fetch = Run.of("models", "fetch", "linear");
        assertThat(fetch.code()).isEqualTo(2);
        assertThat(fetch.err()).contains("'linear' is no pretrained model");
    }

    @Test
    void neither_training_nor_prediction_loads_libtorch() throws IOException, InterruptedException {
        String output = directory.resolve("forked").toString();
        for (List<String> words : List.of(
                List.of("train", "--data", data, "--model", "linear", "--output", output),
                List.of("predict", output, "good"))) {
            List<String> command = new ArrayList<>(List.of("dev.parlance.cli.Main"));
            command.addAll(words);
            try (Forked process = Forked.java(directory, List.of("-verbose:class"), command.toArray(String[]::new))) {
                assertThat(process.finish(0))
                        .anyMatch(line -> line.contains("ai.onnxruntime.OrtSession "))
                        .noneMatch(line -> line.contains("org.bytedeco"));
            }
        }
    }
}
