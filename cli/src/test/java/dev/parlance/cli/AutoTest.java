package dev.parlance.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parlance.bundle.BundleContents;
import dev.parlance.bundle.BundleWriter;
import dev.parlance.bundle.ModelBundle;
import dev.parlance.bundle.Selection;
import dev.parlance.config.Json;
import dev.parlance.config.RunConfig;
import dev.parlance.config.UserError;
import dev.parlance.data.Annotation;
import dev.parlance.data.Example;
import dev.parlance.data.Labels;
import dev.parlance.data.Splits;
import dev.parlance.predict.Pipeline;
import dev.parlance.predict.Prediction;
import dev.parlance.train.auto.Auto;
import dev.parlance.train.auto.AutoListener;
import dev.parlance.train.auto.AutoOptions;
import dev.parlance.train.auto.AutoResult;
import dev.parlance.train.auto.Candidate;
import dev.parlance.train.hub.ModelStore;
import dev.parlance.train.hub.ProgressListener;
import dev.parlance.train.loop.RunProvenance;
import dev.parlance.train.loop.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code train --auto} with an encoder that trains in milliseconds. */
class AutoTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> TEXTS = List.of("good fine", "bad broken", "good bad", "");

    @TempDir
    Path directory;

    private Path output = Path.of("");

    @BeforeEach
    void prepare() throws IOException {
        Files.writeString(directory.resolve("reviews.csv"), TinyBase.rows(160, ','));
        TinyBase.write(directory.resolve("tiny"));
        output = directory.resolve("model");
    }

    private Run train(String... more) {
        List<String> words = new ArrayList<>(
                List.of("train", "--data", directory.resolve("reviews.csv").toString()));
        words.addAll(List.of("--output", output.toString(), "--per-device-train-batch-size", "8"));
        words.addAll(List.of(more));
        return Run.of(words.toArray(String[]::new));
    }

    private Run auto(String... more) {
        List<String> words = new ArrayList<>(List.of("--auto", "--model"));
        words.addAll(List.of(directory.resolve("tiny").toString(), "--num-train-epochs", "6"));
        words.addAll(List.of("--learning-rate", "0.01"));
        words.addAll(List.of(more));
        if (!words.contains("--time-budget")) {
            words.addAll(List.of("--time-budget", "2m"));
        }
        return train(words.toArray(String[]::new));
    }

    private JsonNode selection() throws IOException {
        return JSON.readTree(output.resolve("selection.json").toFile());
    }

    @Test
    void tries_a_linear_model_then_encoders_and_says_why_it_chose() throws IOException {
        Run run = auto();
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err())
                .contains("* 125 texts to train on, in English, 2 labels with 62 to 63 texts each")
                .contains("* linear first: it takes seconds")
                .contains("* tiny since you asked for it; 6 epochs, about 96 steps")
                .contains("tiny-seed: validation accuracy ", "* nothing is left to try", "it took ");
        assertThat(run.out())
                .contains("Candidates, scores on the validation data", "linear.c".substring(7) + "=")
                .contains("Scores on the test data");
        JsonNode selection = selection();
        assertThat(selection.path("candidates")).hasSize(3);
        double shares = 0;
        for (JsonNode candidate : selection.path("candidates")) {
            shares += candidate.path("weight").asDouble();
        }
        assertThat(shares).isCloseTo(1, within(1e-6));
        assertThat(selection.path("choices").toString()).contains("scores best on the validation data");
        assertThat(Files.readString(output.resolve("README.md")))
                .contains("## How it was chosen", "| tiny-seed | learning_rate 0.01, num_train_epochs 6, ", "--auto")
                .contains("On the 18 examples of the test data");
        assertThat(directory.resolve("model.auto")).doesNotExist();
        assertThat(Run.of("predict", output.toString(), "good").code()).isZero();
    }

    @Test
    void the_test_data_is_looked_at_once_for_the_chosen_model() throws IOException {
        Path model = directory.resolve("model.auto").resolve("linear");
        Run run = auto(
                "--set",
                "tracking.report_to=all",
                "--runs-dir",
                directory.resolve("runs").toString());
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(model).doesNotExist();
        assertThat(run.err().split("Measuring on the test data", -1)).hasSize(2);
        assertThat(ModelBundle.open(output).reports()).containsOnlyKeys("test", "validation");
        try (Stream<Path> records = Files.walk(directory.resolve("runs"))) {
            for (Path file :
                    records.filter(file -> file.endsWith("metrics.jsonl")).toList()) {
                assertThat(Files.readString(file)).contains("eval_accuracy").doesNotContain("test_accuracy");
            }
        }
    }

    /** Stops in the training of one candidate, and keeps what it hears. */
    private static final class Breaker implements AutoListener {
        private final String at;
        private final List<String> begun = new ArrayList<>();
        private final List<String> before = new ArrayList<>();
        private boolean stop;

        Breaker(String at) {
            this.at = at;
        }

        @Override
        public void onCandidateBegin(String name) {
            begun.add(name);
        }

        @Override
        public void onCandidateEnd(Candidate candidate, boolean finishedBefore) {
            if (finishedBefore) {
                before.add(candidate.name());
            }
        }

        @Override
        public TrainingListener training() {
            return new TrainingListener() {
                @Override
                public void onStep(Step step) {
                    stop = begun.get(begun.size() - 1).equals(at) && step.step() == 40;
                }
            };
        }
    }

    private Optional<AutoResult> auto(RunConfig config, Breaker listener) {
        ModelStore store = ModelStore.fromEnvironment(Map.of(), ProgressListener.NONE);
        AutoOptions options = new AutoOptions(Duration.ofMinutes(2));
        return Auto.run(config, options, store, List.of(), listener, () -> listener.stop);
    }

    @Test
    void goes_on_with_what_is_finished_and_within_what_is_not() throws IOException {
        RunConfig config = RunConfig.defaults()
                .with("data.train", directory.resolve("reviews.csv").toString())
                .with("model.model_name_or_path", directory.resolve("tiny").toString())
                .with("training.per_device_train_batch_size", 8)
                .with("training.learning_rate", 0.01)
                .with("training.num_train_epochs", 6)
                .with("tracking.report_to", "none")
                .with("output_dir", output.toString());
        assertThat(auto(config, new Breaker("tiny"))).isEmpty();
        assertThat(output).doesNotExist();
        assertThat(directory.resolve("model.auto/linear.json")).isNotEmptyFile();

        assertThatThrownBy(() -> auto(config.with("training.seed", 7), new Breaker("")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("holds candidates of another --auto run")
                .hasMessageContaining("settings.training.seed was 42 and is 7");

        Breaker again = new Breaker("");
        Optional<AutoResult> result = auto(config, again);
        assertThat(result).isPresent();
        assertThat(again.before).containsExactly("linear");
        assertThat(again.begun).containsExactly("tiny", "tiny-seed");
        assertThat(result.get().selection().candidates()).hasSize(3);
        assertThat(directory.resolve("model.auto")).doesNotExist();

        Path unbroken = directory.resolve("unbroken");
        Optional<AutoResult> whole = auto(config.with("output_dir", unbroken.toString()), new Breaker(""));
        assertThat(whole.orElseThrow().report().metrics())
                .isEqualTo(result.get().report().metrics());
    }

    @Test
    void a_directory_of_somebody_else_is_not_touched() throws IOException {
        Path taken = Files.createDirectories(directory.resolve("model.auto"));
        Files.writeString(taken.resolve("notes.txt"), "mine");
        Run stranger = auto("--overwrite");
        assertThat(stranger.code()).isEqualTo(2);
        assertThat(stranger.err()).contains("is there and holds no --auto run");
        assertThat(taken.resolve("notes.txt")).hasContent("mine");
    }

    @Test
    void says_what_does_not_go_together() {
        Run lonely = train("--time-budget", "5m");
        assertThat(lonely.code()).isEqualTo(2);
        assertThat(lonely.err()).contains("--time-budget is given without --auto");
        assertThat(auto("--cv", "3").err()).contains("--auto and --cv are both given");
        assertThat(auto("--resume").err()).contains("--auto and --resume are both given");
        assertThat(train("--auto", "--model", "linear").err()).contains("the model is linear and is to be chosen");
        assertThat(train("--auto", "--time-budget", "3s").err())
                .contains("the time budget is 3 s, expected at least 10 s");
        assertThat(output).doesNotExist();
    }

    @Test
    void without_time_for_an_encoder_the_linear_model_is_taken() throws IOException {
        Run run = auto("--time-budget", "10s");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err()).contains("too little for another encoder", "it is the only candidate");
        assertThat(ModelBundle.open(output).isLinear()).isTrue();
        assertThat(ModelBundle.open(output).topFeatures()).containsKeys("positive", "negative");
        assertThat(output.resolve("run.yaml")).content().contains("output_dir: " + Json.line(output.toString()));
    }

    @Test
    void an_ensemble_answers_with_the_weighted_mean_of_its_members() throws IOException {
        Path linear = directory.resolve("linear");
        Path tiny = directory.resolve("small");
        assertThat(train("--model", "linear", "--output", linear.toString()).code())
                .isZero();
        assertThat(train(
                                "--model",
                                directory.resolve("tiny").toString(),
                                "--learning-rate",
                                "0.01",
                                "--output",
                                tiny.toString())
                        .code())
                .isZero();
        ModelBundle ensemble = ensembleOf(linear, 0.25, tiny, 0.75);
        assertThat(ensemble.isEnsemble()).isTrue();
        assertThat(ensemble.members()).extracting(ModelBundle.Member::weight).containsExactly(0.25, 0.75);
        try (Pipeline first = Pipeline.load(linear);
                Pipeline second = Pipeline.load(tiny);
                Pipeline both = Pipeline.load(output);
                Stream<Prediction> streamed = both.predictAll(TEXTS.stream().map(Example::of))) {
            List<Annotation> mean = both.predict(TEXTS);
            assertThat(streamed.map(Prediction::annotation)).isEqualTo(mean);
            for (int i = 0; i < TEXTS.size(); i++) {
                double expected =
                        0.25 * positive(first.predict(TEXTS.get(i))) + 0.75 * positive(second.predict(TEXTS.get(i)));
                assertThat(positive(mean.get(i))).isCloseTo(expected, within(1e-6));
            }
            assertThatThrownBy(both::tokenizer).isInstanceOf(UserError.class).hasMessageContaining("ensemble");
        }
        Run evaluation = Run.of(
                "evaluate",
                output.toString(),
                "--data",
                directory.resolve("reviews.csv").toString());
        assertThat(evaluation.code()).as(evaluation.err()).isZero();
        assertThat(Run.of(
                                "train",
                                "--data",
                                directory.resolve("reviews.csv").toString(),
                                "--model",
                                "linear",
                                "--output",
                                output.toString(),
                                "--overwrite")
                        .code())
                .isZero(); // its members are its own and may be replaced
        assertThat(output.resolve("members")).doesNotExist();
    }

    @Test
    void an_ensemble_that_is_damaged_says_how() throws IOException {
        Path linear = directory.resolve("linear");
        Path again = directory.resolve("again");
        assertThat(train("--model", "linear", "--output", linear.toString()).code())
                .isZero();
        assertThat(train("--model", "linear", "--output", again.toString()).code())
                .isZero();
        ensembleOf(linear, 0.5, again, 0.5);
        assertThatThrownBy(() -> ModelBundle.open(output).onnxFile())
                .hasMessageContaining("consists of several models and has no graph of its own");
        Path config = output.resolve("config.json");
        String whole = Files.readString(config);
        Files.writeString(config, whole.replace("\"weight\": 0.5", "\"weight\": 0.7"));
        assertThatThrownBy(() -> Pipeline.load(output)).hasMessageContaining("weights that add up to 1.4");
        Files.writeString(config, whole.replace("\"name\": \"again\"", "\"name\": \"../../again\""));
        assertThatThrownBy(() -> Pipeline.load(output)).hasMessageContaining("has a member '../../again'");
        Files.writeString(config, whole.replace("\"name\": \"again\"", "\"name\": \"gone\""));
        Run run = Run.of("predict", output.toString(), "good");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("gone is no directory");
    }

    private ModelBundle ensembleOf(Path first, double firstWeight, Path second, double secondWeight) {
        ModelBundle one = ModelBundle.open(first);
        Map<String, Double> members = new LinkedHashMap<>();
        members.put(one.name(), firstWeight);
        members.put(ModelBundle.open(second).name(), secondWeight);
        RunConfig run = one.run().orElseThrow().with("output_dir", output.toString());
        BundleContents contents = BundleContents.ofEnsemble(
                members,
                one.task(),
                one.reports(),
                run,
                RunProvenance.of(run, Splits.read(run.data()), List.of(), Instant.now(), 1, Map.of()),
                new Selection("macro_f1", 60, 30, List.of(), List.of("both are taken")));
        return BundleWriter.writeEnsemble(output, false, contents, List.of(one, ModelBundle.open(second)));
    }

    private static double positive(Annotation annotation) {
        return ((Labels) annotation)
                .all().stream()
                        .filter(scored -> scored.label().equals("positive"))
                        .findFirst()
                        .orElseThrow()
                        .score();
    }
}
