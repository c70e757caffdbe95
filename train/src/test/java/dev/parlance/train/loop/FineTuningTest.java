package dev.parlance.train.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.bundle.ModelBundle;
import dev.parlance.config.RunConfig;
import dev.parlance.config.UserError;
import dev.parlance.data.Annotation;
import dev.parlance.data.Example;
import dev.parlance.data.Labels;
import dev.parlance.predict.Pipeline;
import dev.parlance.task.LabelTask;
import dev.parlance.task.Softmax;
import dev.parlance.tokenize.Tokenizer;
import dev.parlance.train.encoder.Architecture;
import dev.parlance.train.encoder.EncoderConfig;
import dev.parlance.train.encoder.LoadReport;
import dev.parlance.train.head.SequenceClassifier;
import dev.parlance.train.hub.ModelStore;
import dev.parlance.train.hub.ProgressListener;
import dev.parlance.train.weights.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FineTuningTest {
    /** The first half of the training data: what a model of this size can learn by heart. */
    private static final List<Example> VALIDATION = TinyDirectory.examples(30, 1);

    @TempDir
    Path folder;

    private RunConfig config = RunConfig.defaults();

    @BeforeEach
    void write_data_and_model() {
        TinyDirectory.bert(folder.resolve("bert"));
        config = config.with(
                        "data.train",
                        TinyDirectory.write(folder.resolve("train.csv"), TinyDirectory.examples(60, 1))
                                .toString())
                .with(
                        "data.validation",
                        TinyDirectory.write(folder.resolve("validation.csv"), VALIDATION)
                                .toString())
                .with("model.model_name_or_path", folder.resolve("bert").toString())
                .with("output_dir", output().toString())
                .with("training.learning_rate", 0.005)
                .with("model.dropout", 0)
                .with("training.num_train_epochs", 25)
                .with("training.per_device_train_batch_size", 16)
                .with("training.precision", "fp32")
                .with("training.threads", 2);
    }

    /** Keeps what it hears and asks to stop after some steps. */
    private static final class Recorder implements TrainingListener {
        private final List<Step> steps = new ArrayList<>();
        private final List<Evaluation> evaluations = new ArrayList<>();
        private @Nullable Plan plan;
        private @Nullable LoadReport loaded;

        @Override
        public void onModel(LoadReport report) {
            loaded = report;
        }

        @Override
        public void onBegin(Plan begun) {
            plan = begun;
        }

        @Override
        public void onStep(Step step) {
            steps.add(step);
        }

        @Override
        public void onEvaluation(Evaluation evaluation) {
            evaluations.add(evaluation);
        }

        Plan plan() {
            return Objects.requireNonNull(plan);
        }
    }

    @Test
    void learns_and_writes_a_bundle_that_predicts_the_same() throws IOException {
        Recorder heard = new Recorder();
        Path test = TinyDirectory.write(folder.resolve("test.csv"), TinyDirectory.examples(30, 3));
        TrainingResult result = run(config.with("data.test", test.toString()), heard);

        assertThat(result.validation().metric("accuracy")).isEqualTo(1);
        assertThat(Objects.requireNonNull(result.test()).metric("accuracy")).isGreaterThan(0.7);
        assertThat(result.steps()).isEqualTo(100).isEqualTo(heard.plan().steps());
        assertThat(heard.steps).hasSize(100);
        assertThat(heard.evaluations).hasSize(25);
        assertThat(heard.evaluations.stream().filter(TrainingListener.Evaluation::best))
                .last()
                .satisfies(best -> {
                    assertThat(best.step()).isEqualTo(result.bestStep());
                    assertThat(best.report()).isEqualTo(result.validation());
                });
        try (Pipeline pipeline = Pipeline.load(output())) {
            assertSameAsLayers(pipeline);
            List<Annotation> predicted =
                    pipeline.predict(VALIDATION.stream().map(Example::text).toList());
            List<Annotation> gold = VALIDATION.stream()
                    .map(example -> Objects.requireNonNull(example.gold()))
                    .toList();
            result.validation().metrics().forEach((name, value) -> assertThat(((LabelTask) pipeline.task())
                            .evaluate(gold, predicted)
                            .metric(name))
                    .as(name)
                    .isCloseTo(value, within(1e-4)));
        }
    }

    @Test
    void the_bundle_says_where_it_comes_from() throws IOException {
        TrainingResult result =
                run(config.with("training.seed", 5).with("training.num_train_epochs", 1), TrainingListener.NONE);
        ModelBundle bundle = ModelBundle.open(output());
        assertThat(result.bundle()).isEqualTo(output());
        assertThat(bundle.labels()).isEqualTo(TinyDirectory.LABELS);
        assertThat(bundle.reports()).containsOnlyKeys("validation");
        assertThat(bundle.reports().get("validation")).satisfies(report -> {
            assertThat(report.examples()).isEqualTo(30);
            assertThat(report.metrics()).isEqualTo(result.validation().metrics());
        });
        assertThat(bundle.run()).hasValue(result.config());
        ObjectNode provenance = bundle.provenance().orElseThrow();
        assertThat(provenance.path("base_model").path("name").asText())
                .isEqualTo(folder.resolve("bert").toString());
        assertThat(provenance.path("data")).hasSize(2);
        assertThat(provenance.path("data").get(0).path("rows").asInt()).isEqualTo(60);
        assertThat(provenance.path("data").get(0).path("sha256").asText()).matches("[0-9a-f]{64}");
        assertThat(provenance.path("seeds").path("training").asLong()).isEqualTo(5);
        assertThat(provenance.path("machine").path("threads").asInt()).isEqualTo(2);
        assertThat(provenance.path("languages").get(0).asText()).isEqualTo("en");
        assertThat(provenance.path("libraries").path("libtorch").asText()).startsWith("2.");
        assertThat(provenance.path("command").get(0).asText()).isEqualTo("test");
        assertThat(Files.readString(output().resolve("README.md"))).contains("animal", "food", "tool");
    }

    @Test
    void the_seed_decides_every_bit_of_the_weights() throws IOException {
        RunConfig brief = config.with("training.num_train_epochs", 2).with("model.reset_head", true);
        byte[] first = weights(brief.with("output_dir", folder.resolve("a").toString()));
        byte[] again = weights(brief.with("output_dir", folder.resolve("b").toString()));
        byte[] other =
                weights(brief.with("output_dir", folder.resolve("c").toString()).with("training.seed", 43));
        assertThat(again).isEqualTo(first);
        assertThat(other).hasSameSizeAs(first).isNotEqualTo(first);
    }

    @Test
    void refuses_a_model_that_is_there_before_it_reads_anything() throws IOException {
        Files.createDirectories(output());
        Files.writeString(output().resolve("config.json"), "{}");
        RunConfig taken = config.with("data.train", folder.resolve("none.csv").toString());
        assertThatThrownBy(() -> run(taken, TrainingListener.NONE))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("exists and is not empty");
        run(config.with("overwrite_output_dir", true).with("training.num_train_epochs", 0.1), TrainingListener.NONE);
        assertThat(ModelBundle.open(output()).onnxFile()).exists();
    }

    @Test
    void a_stop_saves_the_best_so_far() {
        Recorder heard = new Recorder();
        TrainingResult result =
                FineTuning.run(config, store(), List.of(), heard, () -> heard.steps.size() >= 6); // 4 steps an epoch
        assertThat(result.steps()).isEqualTo(6).isLessThan(heard.plan().steps());
        assertThat(heard.evaluations).hasSize(2);
        assertThat(result.bestStep()).isIn(4L, 6L);
        assertThat(ModelBundle.open(output()).onnxFile()).exists();
    }

    @Test
    void a_stop_before_the_first_step_still_does_one() {
        TrainingResult result = FineTuning.run(config, store(), List.of(), TrainingListener.NONE, () -> true);
        assertThat(result.steps()).isEqualTo(1);
        assertThat(ModelBundle.open(output()).onnxFile()).exists();
    }

    @Test
    void goes_on_from_a_model_with_the_same_labels_and_refuses_other_labels() {
        run(config.with("training.num_train_epochs", 1), TrainingListener.NONE);
        Path first = folder.resolve("first");
        assertThat(output().toFile().renameTo(first.toFile())).isTrue();
        RunConfig next =
                config.with("model.model_name_or_path", first.toString()).with("training.num_train_epochs", 1);
        Recorder heard = new Recorder();
        run(next, heard);
        assertThat(Objects.requireNonNull(heard.loaded).initialized()).isEmpty();

        String other = TinyDirectory.write(folder.resolve("other.csv"), renamed(TinyDirectory.examples(60, 1)))
                .toString();
        RunConfig others =
                next.with("data.train", other).with("data.validation", null).with("overwrite_output_dir", true);
        assertThatThrownBy(() -> run(others, TrainingListener.NONE))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("[animal, food, tool]")
                .hasMessageContaining("--reset-head");
        assertThat(run(others.with("model.reset_head", true), TrainingListener.NONE)
                        .steps())
                .isPositive();
    }

    private static List<Example> renamed(List<Example> examples) {
        return examples.stream()
                .map(example -> Example.of(example.text(), "new " + example.goldLabel()))
                .toList();
    }

    @Test
    void a_loss_that_is_no_number_ends_the_run_and_leaves_no_model() {
        RunConfig wild = config.with("training.learning_rate", 10)
                .with("training.weight_decay", 10) // multiplies the weights by -99 in each step
                .with("training.warmup_ratio", 0)
                .with("training.lr_scheduler_type", "constant");
        assertThatThrownBy(() -> run(wild, TrainingListener.NONE))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("no longer gives scores that are numbers");
        RunConfig unmeasured = wild.with("training.eval_strategy", "no").with("overwrite_output_dir", true);
        assertThatThrownBy(() -> run(unmeasured, TrainingListener.NONE))
                .isInstanceOf(UserError.class)
                .hasMessageMatching("the loss became .* at step \\d+, after 5 in a row that were skipped for that;"
                        + " lower training.learning_rate \\(now 10.0\\)");
        assertNoModelIsLeft();
    }

    @Test
    void refuses_an_unknown_metric_before_the_first_step() {
        Recorder heard = new Recorder();
        assertThatThrownBy(() -> run(config.with("training.metric_for_best_model", "acuracy"), heard))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("did you mean accuracy?");
        assertThat(heard.steps).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"class_weights, balanced", "label_smoothing_factor, 0.2", "lr_scheduler_type, constant"})
    void learns_with(String setting, String value) {
        RunConfig changed = config.with("training." + setting, setting.startsWith("label") ? (Object) 0.2 : value);
        assertThat(run(changed, TrainingListener.NONE).validation().metric("accuracy"))
                .isGreaterThan(0.9);
    }

    @Test
    void counts_the_texts_that_are_cut() {
        Recorder heard = new Recorder();
        run(config.with("model.max_length", 8).with("training.num_train_epochs", 0.1), heard);
        long longer = TinyDirectory.examples(60, 1).stream()
                .filter(example -> example.text().split(" ").length > 6)
                .count();
        assertThat(heard.plan().truncated()).isEqualTo((int) longer).isPositive();
        assertThat(ModelBundle.open(output()).maxLength()).isEqualTo(8);
    }

    @ParameterizedTest
    @EnumSource(Architecture.class)
    void every_architecture_trains_saves_and_opens_again(Architecture architecture) {
        Path base = TinyDirectory.create(folder.resolve(architecture.modelType() + "-base"), architecture);
        Recorder heard = new Recorder();
        TrainingResult result = run(
                config.with("model.model_name_or_path", base.toString())
                        .with("training.per_device_train_batch_size", 60)
                        .with("training.learning_rate", -1)
                        .with("training.num_train_epochs", 1),
                heard);
        assertThat(result.steps()).isEqualTo(1);
        assertThat(result.config().training().learningRate()).isEqualTo(1e-4);
        assertThat(Objects.requireNonNull(heard.loaded).initialized()).isEmpty();
        try (Pipeline pipeline = Pipeline.load(output())) {
            assertSameAsLayers(pipeline);
        }
        try (Safetensors before = Safetensors.openModel(base);
                Safetensors after = Safetensors.openModel(output())) {
            assertThat(after.names()).containsExactlyInAnyOrderElementsOf(before.names());
        }
        assertThat(ModelBundle.open(output()).modelType()).isEqualTo(architecture.modelType());
    }

    /** Reads the saved weights into layers and compares probabilities with those of the saved graph. */
    private void assertSameAsLayers(Pipeline pipeline) {
        EncoderConfig encoder = EncoderConfig.read(output().resolve(ModelBundle.CONFIG));
        LabelTask task = (LabelTask) pipeline.task();
        try (Tokenizer tokenizer = Tokenizer.load(output(), encoder.maxTokens());
                Safetensors weights = Safetensors.openModel(output());
                SequenceClassifier layers = SequenceClassifier.load(encoder, 3, weights, "saved", false, 1)
                        .model()) {
            Features features = Features.of(VALIDATION, task, tokenizer);
            int[] all = IntStream.range(0, features.size()).toArray();
            var logits = new TorchModel(layers, false).forward(features.batch(all));
            for (int i : all) {
                double[] expected = Softmax.of(logits.row(i));
                Labels found = (Labels) pipeline.predict(VALIDATION.get(i).text());
                for (Labels.ScoredLabel label : found.all()) {
                    assertThat(label.score()).isCloseTo(expected[task.labels().indexOf(label.label())], within(1e-5));
                }
            }
        }
    }

    /** But the checkpoints, from which the run may go on with another learning rate. */
    private void assertNoModelIsLeft() {
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("bert", "train.csv", "validation.csv", "out.unfinished");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private byte[] weights(RunConfig run) throws IOException {
        return Files.readAllBytes(run(run, TrainingListener.NONE).bundle().resolve(ModelBundle.WEIGHTS));
    }

    private TrainingResult run(RunConfig run, TrainingListener listener) {
        return FineTuning.run(run, store(), List.of("test"), listener, () -> false);
    }

    private ModelStore store() {
        return new ModelStore(folder.resolve("cache"), Map.of("HF_HUB_OFFLINE", "1"), ProgressListener.NONE);
    }

    private Path output() {
        return folder.resolve("out");
    }
}
