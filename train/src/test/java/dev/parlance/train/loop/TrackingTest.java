package dev.parlance.train.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.Json;
import dev.parlance.config.RunConfig;
import dev.parlance.config.UserError;
import dev.parlance.metric.Report;
import dev.parlance.track.Metrics;
import dev.parlance.track.RunFiles;
import dev.parlance.track.RunInfo;
import dev.parlance.track.RunStatus;
import dev.parlance.track.RunStore;
import dev.parlance.track.Series;
import dev.parlance.track.TrackedRun;
import dev.parlance.train.checkpoint.Resume;
import dev.parlance.train.hub.ModelStore;
import dev.parlance.train.hub.ProgressListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a training run leaves in its directory. */
class TrackingTest {
    @TempDir
    Path folder;

    private RunConfig config = RunConfig.defaults();

    @BeforeEach
    void write_data_and_model() {
        TinyDirectory.bert(folder.resolve("bert"));
        Path train = TinyDirectory.write(folder.resolve("train.csv"), TinyDirectory.examples(60, 1));
        Path validation = TinyDirectory.write(folder.resolve("validation.csv"), TinyDirectory.examples(30, 2));
        config = config.with("data.train", train.toString())
                .with("data.validation", validation.toString())
                .with("data.test", null)
                .with("model.model_name_or_path", folder.resolve("bert").toString())
                .with("output_dir", folder.resolve("model").toString())
                .with("training.learning_rate", 0.005)
                .with("training.num_train_epochs", 2)
                .with("training.per_device_train_batch_size", 10)
                .with("training.logging_steps", 3)
                .with("training.precision", "fp32")
                .with("training.threads", 2)
                .with("tracking.runs_dir", folder.resolve("runs").toString())
                .with("tracking.histogram_steps", 6);
    }

    private TrainingResult train(BooleanSupplier stop) {
        ModelStore store = ModelStore.fromEnvironment(
                Map.of("PARLANCE_HOME", folder.resolve("home").toString()), ProgressListener.NONE);
        return FineTuning.run(config, store, List.of("parlance", "train"), TrainingListener.NONE, stop);
    }

    private TrackedRun run() {
        return new RunStore(folder.resolve("runs")).run("last");
    }

    @Test
    void records_settings_curves_scores_environment_and_mistakes() throws IOException {
        TrainingResult result = train(() -> false);
        TrackedRun run = run();
        assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
        assertThat(run.info().steps()).isEqualTo(12);
        assertThat(run.info().step()).isEqualTo(12);
        assertThat(run.info().trackingError()).isNull();
        assertThat(run.settings()).containsEntry("training.learning_rate", "0.005");

        assertThat(run.metrics().series("loss").steps()).containsExactly(1, 4, 7, 10, 12);
        assertThat(run.metrics().series("learning_rate").values()).doesNotContain(Double.NaN);
        Series accuracy = run.metrics().series("eval_accuracy");
        assertThat(accuracy.steps()).containsExactly(6, 12);
        assertThat(Objects.requireNonNull(run.info().best()).value())
                .isEqualTo(result.validation().metric("macro_f1"));
        assertThat(run.reports().get("validation")).isNotNull();
        assertThat(run.info().scores().get("validation"))
                .isEqualTo(result.validation().metrics());

        ObjectNode environment = run.environment().orElseThrow();
        assertThat(environment.path("machine").path("threads").asInt()).isEqualTo(2);
        assertThat(environment.path("data").get(0).path("sha256").asText()).hasSize(64);
        assertThat(environment.path("command").get(1).asText()).isEqualTo("train");
        assertThat(run.directory().resolve(RunFiles.CARD)).content().contains("# model");
    }

    @Test
    void the_wrong_predictions_are_those_of_the_best_checkpoint() throws IOException {
        TrainingResult result = train(() -> false);
        List<ObjectNode> wrong = Files.readAllLines(run().directory().resolve(RunFiles.WRONG_PREDICTIONS)).stream()
                .map(line -> Json.parseObject(line).orElseThrow())
                .toList();
        Report report = result.validation();
        long mistakes = Math.round((1 - report.metric("accuracy")) * report.examples());
        assertThat(wrong).hasSize((int) mistakes).isNotEmpty();
        assertThat(wrong).allSatisfy(one -> {
            assertThat(one.path("expected").asText())
                    .isNotEqualTo(one.path("predicted").asText());
            assertThat(one.path("probability").asDouble())
                    .isGreaterThan(one.path("expected_probability").asDouble());
            List<String> lines = Files.readAllLines(folder.resolve("validation.csv"));
            assertThat(lines.get(one.path("line").asInt() - 1))
                    .isEqualTo(one.path("text").asText() + ","
                            + one.path("expected").asText());
        });
    }

    @Test
    void event_files_hold_histograms_pictures_and_texts() throws IOException {
        train(() -> false);
        try (Stream<Path> files = Files.list(run().directory())) {
            Path events = files.filter(file -> file.getFileName().toString().startsWith("events.out.tfevents."))
                    .findFirst()
                    .orElseThrow();
            String text = Files.readString(events, StandardCharsets.ISO_8859_1);
            assertThat(text)
                    .contains("train/loss", "eval/macro_f1", "eval/confusion_matrix", "config", "model_card")
                    .contains("gradients/classifier.weight", "weights/classifier.weight");
        }
    }

    @Test
    void a_linear_model_is_recorded_the_same_way() {
        config = config.with("model.model_name_or_path", "linear");
        TrainingResult result = train(() -> false);
        assertThat(run().status()).isEqualTo(RunStatus.FINISHED);
        assertThat(run().info().step()).isEqualTo(result.steps());
        assertThat(run().info().scores().get("validation"))
                .isEqualTo(result.validation().metrics());
        assertThat(run().metrics().series("eval_macro_f1").size()).isPositive();
        assertThat(run().environment().orElseThrow().path("libraries").has("lucene"))
                .isTrue();
    }

    @Test
    void a_linear_model_that_was_stopped_is_interrupted_and_has_its_scores() {
        config = config.with("model.model_name_or_path", "linear");
        TrainingResult result = train(() -> true);
        assertThat(result.stopped()).isTrue();
        assertThat(run().status()).isEqualTo(RunStatus.INTERRUPTED);
        assertThat(run().info().step()).isEqualTo(1);
        assertThat(run().info().scores()).containsKey("validation");
    }

    @Test
    void a_run_that_was_stopped_without_a_checkpoint_is_interrupted_too() {
        config = config.with("training.save_strategy", "no");
        assertThat(train(() -> true).unfinished()).isNull();
        assertThat(run().status()).isEqualTo(RunStatus.INTERRUPTED);
    }

    @Test
    void each_pass_of_a_linear_fit_is_told() {
        config = config.with("model.model_name_or_path", "linear");
        List<String> heard = new ArrayList<>();
        TrainingListener listener = new TrainingListener() {
            @Override
            public void onProgress(String state) {
                heard.add(state);
            }
        };
        FineTuning.run(
                config, ModelStore.fromEnvironment(Map.of(), ProgressListener.NONE), List.of(), listener, () -> false);
        assertThat(heard.get(0)).startsWith("C = 1: pass 1, gradient ").endsWith(", down to 3.0e-05");
        assertThat(heard.get(heard.size() - 1)).endsWith(", down to 1.0e-05");
    }

    @Test
    void a_stopped_run_is_interrupted_and_has_its_scores() {
        train(() -> true);
        assertThat(run().status()).isEqualTo(RunStatus.INTERRUPTED);
        assertThat(run().info().step()).isEqualTo(1);
        assertThat(run().info().scores()).containsKey("validation");
    }

    @Test
    void a_run_that_fails_says_why() {
        TrainingListener failing = new TrainingListener() {
            @Override
            public void onEvaluation(Evaluation evaluation) {
                throw new UserError("the loss became NaN");
            }
        };
        ModelStore store = ModelStore.fromEnvironment(
                Map.of("PARLANCE_HOME", folder.resolve("home").toString()), ProgressListener.NONE);
        assertThatThrownBy(() -> FineTuning.run(config, store, List.of(), failing, () -> false))
                .isInstanceOf(UserError.class);
        assertThat(run().status()).isEqualTo(RunStatus.FAILED);
        assertThat(run().info().error()).isEqualTo("the loss became NaN");
    }

    /** Hears notices, and ends the run after a step: by an error, as a kill would, or as the user asks for it. */
    private static final class Breaking implements TrainingListener {
        private final List<String> notices = new ArrayList<>();
        private final long lastStep;
        private final boolean fails;
        private long step;

        Breaking(long lastStep, boolean fails) {
            this.lastStep = lastStep;
            this.fails = fails;
        }

        @Override
        public void onStep(Step done) {
            step = done.step();
            if (fails && step == lastStep) {
                throw new UserError("killed");
            }
        }

        @Override
        public void onNotice(String notice) {
            notices.add(notice);
        }
    }

    private TrainingResult train(Breaking listener, Resume resume) {
        ModelStore store = ModelStore.fromEnvironment(
                Map.of("PARLANCE_HOME", folder.resolve("home").toString()), ProgressListener.NONE);
        return FineTuning.run(config, store, List.of(), listener, () -> listener.step >= listener.lastStep, resume);
    }

    /** Runs to its end, beside the run that is broken off. */
    private TrackedRun unbroken() {
        RunConfig broken = config;
        config = config.with("output_dir", folder.resolve("whole").toString());
        train(new Breaking(Long.MAX_VALUE, false), Resume.NO);
        config = broken;
        return new RunStore(folder.resolve("runs")).run("whole");
    }

    private TrackedRun broken() {
        return new RunStore(folder.resolve("runs")).run("model");
    }

    private static void assertSameCurves(TrackedRun run, TrackedRun whole) throws IOException {
        Metrics expected = whole.metrics();
        assertThat(run.metrics().all().keySet()).isEqualTo(expected.all().keySet());
        for (String curve : List.of("loss", "learning_rate", "grad_norm", "eval_loss", "eval_macro_f1")) {
            Series series = expected.series(curve);
            assertThat(run.metrics().series(curve).steps()).as(curve).containsExactly(series.steps());
            assertThat(run.metrics().series(curve).values()).as(curve).containsExactly(series.values());
        }
        assertThat(steps(run)).isEqualTo(steps(whole)); // no line is there twice
        assertThat(run.info().best()).isEqualTo(whole.info().best());
        assertThat(run.directory().resolve(RunFiles.REPORT))
                .hasSameTextualContentAs(whole.directory().resolve(RunFiles.REPORT));
        assertThat(run.directory().resolve(RunFiles.WRONG_PREDICTIONS))
                .hasSameTextualContentAs(whole.directory().resolve(RunFiles.WRONG_PREDICTIONS));
    }

    private static List<Long> steps(TrackedRun run) throws IOException {
        return Files.readAllLines(run.directory().resolve(RunFiles.METRICS)).stream()
                .map(line -> Json.parseObject(line).orElseThrow().path("step").asLong())
                .toList();
    }

    @Test
    void a_run_that_was_stopped_goes_on_in_its_record_as_if_nothing_had_happened() throws IOException {
        TrackedRun whole = unbroken();
        train(new Breaking(7, false), Resume.NO);
        TrackedRun before = broken();
        assertThat(before.status()).isEqualTo(RunStatus.INTERRUPTED);
        assertThat(before.metrics().series("eval_loss").steps()).containsExactly(6, 7);
        train(new Breaking(9, false), Resume.LATEST);
        train(new Breaking(Long.MAX_VALUE, false), Resume.LATEST);
        TrackedRun run = broken();
        assertThat(run.id()).isEqualTo(before.id());
        assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
        assertThat(run.info().startedAt()).isEqualTo(before.info().startedAt());
        assertThat(run.info().resumptions())
                .extracting(RunInfo.Resumption::afterStep, RunInfo.Resumption::reachedStep)
                .containsExactly(tuple(7L, 7L), tuple(9L, 9L));
        assertSameCurves(run, whole);
    }

    @Test
    void what_a_killed_run_had_recorded_after_its_checkpoint_is_dropped() throws IOException {
        TrackedRun whole = unbroken();
        assertThatThrownBy(() -> train(new Breaking(10, true), Resume.NO)).hasMessage("killed");
        TrackedRun before = broken();
        assertThat(before.metrics().series("loss").steps()).containsExactly(1, 4, 7, 10);
        Files.writeString(before.directory().resolve(RunFiles.METRICS), "{\"step\":11,\"lo", StandardOpenOption.APPEND);
        train(new Breaking(Long.MAX_VALUE, false), Resume.LATEST);
        TrackedRun run = broken();
        assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
        assertThat(run.info().error()).isNull();
        assertThat(run.info().resumptions())
                .extracting(RunInfo.Resumption::afterStep, RunInfo.Resumption::reachedStep)
                .containsExactly(tuple(6L, 10L));
        assertSameCurves(run, whole);
        try (Stream<Path> files = Files.list(run.directory())) {
            assertThat(files.filter(file -> file.getFileName().toString().contains("tfevents")))
                    .hasSize(2);
        }
    }

    @Test
    void the_best_at_the_checkpoint_counts_and_not_one_that_was_given_up() throws IOException {
        train(new Breaking(7, false), Resume.NO);
        RunInfo.Best stopped = Objects.requireNonNull(broken().info().best());
        Breaking again = new Breaking(8, true);
        assertThatThrownBy(() -> train(again, Resume.LATEST)).hasMessage("killed");
        RunInfo.Best best = Objects.requireNonNull(broken().info().best());
        assertThat(best.step()).isEqualTo(6);
        Report report = Objects.requireNonNull(broken().reports().get("validation"));
        assertThat(report.metric("macro_f1")).isEqualTo(best.value());
        assertThat(broken().directory()
                        .resolve(RunFiles.WRONG_PREDICTIONS)
                        .toFile()
                        .exists())
                .isEqualTo(stopped.equals(best));
    }

    @Test
    void a_record_that_is_gone_or_elsewhere_or_of_a_finished_run_is_told_and_a_new_one_begun() throws IOException {
        train(new Breaking(3, false), Resume.NO);
        Path first = broken().directory();
        Files.move(first, folder.resolve("kept"));
        Breaking gone = new Breaking(4, false);
        train(gone, Resume.LATEST);
        assertThat(gone.notices).contains("the run goes on in a new record: its record in " + first + " is gone");
        Path second = broken().directory();

        config = config.with("tracking.runs_dir", folder.resolve("elsewhere").toString());
        Files.createDirectories(folder.resolve("elsewhere"));
        Breaking elsewhere = new Breaking(5, false);
        train(elsewhere, Resume.LATEST);
        assertThat(elsewhere.notices)
                .contains("the run goes on in a new record: it was recorded in " + second + ", not in "
                        + folder.resolve("elsewhere"));
        Path third = new RunStore(folder.resolve("elsewhere")).run("last").directory();

        copy(folder.resolve("model.unfinished"), folder.resolve("copy.unfinished"));
        train(new Breaking(Long.MAX_VALUE, false), Resume.LATEST);
        assertThat(TrackedRun.read(third).status()).isEqualTo(RunStatus.FINISHED);
        config = config.with("output_dir", folder.resolve("copy").toString());
        Breaking branch = new Breaking(6, false);
        train(branch, Resume.LATEST);
        assertThat(branch.notices)
                .contains("the run goes on in a new record: its record in " + third + " says that it is finished");
        assertThat(TrackedRun.read(third).status()).isEqualTo(RunStatus.FINISHED);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    @Test
    void a_refused_resume_leaves_the_record_alone() {
        train(new Breaking(3, false), Resume.NO);
        config = config.with("training.seed", 7);
        assertThatThrownBy(() -> train(new Breaking(4, false), Resume.LATEST)).hasMessageContaining("training.seed");
        assertThat(new RunStore(folder.resolve("runs")).runs(warning -> {})).hasSize(1);
        assertThat(broken().status()).isEqualTo(RunStatus.INTERRUPTED);
    }

    @Test
    void recording_does_not_change_what_is_learned() throws IOException {
        train(() -> false);
        byte[] recorded = Files.readAllBytes(folder.resolve("model/model.safetensors"));
        config = config.with("tracking.report_to", "none")
                .with("output_dir", folder.resolve("other").toString());
        train(() -> false);
        assertThat(folder.resolve("other/model.safetensors")).hasBinaryContent(recorded);
        assertThat(new RunStore(folder.resolve("runs")).runs(warning -> {})).hasSize(1);
    }
}
