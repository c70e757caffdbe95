package dev.parlance.train.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parlance.config.ConfigFiles;
import dev.parlance.config.RunConfig;
import dev.parlance.config.UserError;
import dev.parlance.train.checkpoint.Resume;
import dev.parlance.train.hub.ModelStore;
import dev.parlance.train.hub.ProgressListener;
import dev.parlance.train.profile.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Profiled steps of whole runs. */
class ProfileTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private final List<String> notices = new ArrayList<>();
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
                .with("training.per_device_train_batch_size", 16) // 4 steps an epoch, two workers
                .with("training.precision", "fp32")
                .with("training.threads", 2)
                .with("tracking.report_to", "none");
    }

    private static RunConfig profiling(RunConfig config, int skip, int steps) {
        return config.with("training.profile_skip_steps", skip).with("training.profile_steps", steps);
    }

    private TrainingResult run(RunConfig run) {
        return run(run, Resume.NO, Long.MAX_VALUE);
    }

    private TrainingResult run(RunConfig run, Resume resume, long stopAt) {
        ModelStore store = ModelStore.fromEnvironment(
                Map.of("PARLANCE_HOME", folder.resolve("home").toString()), ProgressListener.NONE);
        long[] done = new long[1];
        TrainingListener listener = new TrainingListener() {
            @Override
            public void onStep(Step step) {
                done[0] = step.step();
            }

            @Override
            public void onNotice(String notice) {
                notices.add(notice);
            }
        };
        return FineTuning.run(run, store, List.of(), listener, () -> done[0] >= stopAt, resume);
    }

    private static List<JsonNode> events(Profile profile) throws IOException {
        JsonNode trace = JSON.readTree(profile.trace().toFile());
        return StreamSupport.stream(trace.path("traceEvents").spliterator(), false)
                .toList();
    }

    private static List<JsonNode> complete(Profile profile) throws IOException {
        return events(profile).stream()
                .filter(event -> event.path("ph").asText().equals("X"))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "training.seed, 42",
        "training.gradient_checkpointing, true",
        "training.gradient_accumulation_steps, 2",
        "training.r_drop_alpha, 1",
        "training.freeze_layers, 1",
        "training.optim, adafactor",
        "training.precision, bf16",
    })
    void profiled_steps_learn_the_same_bits(String setting, String value) throws IOException {
        RunConfig with = ConfigFiles.withAssignment(config, setting + "=" + value);
        TrainingResult profiled =
                run(profiling(with.with("output_dir", folder.resolve("profiled").toString()), 1, 2));
        assertThat(run(with).profile()).isNull();
        assertThat(folder.resolve("profiled/model.safetensors"))
                .hasBinaryContent(Files.readAllBytes(folder.resolve("model/model.safetensors")));
        Profile profile = Objects.requireNonNull(profiled.profile());
        assertThat(profile.steps().count()).isEqualTo(2);
        assertThat(profile.operations().stream()
                        .filter(o -> o.phase().equals("backward"))
                        .count())
                .isGreaterThan(2);
    }

    @Test
    void nothing_is_written_unless_asked() throws IOException {
        assertThat(run(config).profile()).isNull();
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("bert", "train.csv", "validation.csv", "model");
        }
        assertThat(notices).isEmpty();
    }

    @Test
    void the_trace_has_a_lane_a_thread_and_names_what_they_do() throws IOException {
        Profile profile = Objects.requireNonNull(run(profiling(config, 2, 3)).profile());
        assertThat(profile.directory()).isEqualTo(folder.resolve("model.profile"));
        assertThat(profile.firstStep()).isEqualTo(3);
        Map<Integer, String> lanes = new LinkedHashMap<>();
        for (JsonNode event : events(profile)) {
            if (event.path("name").asText().equals("thread_name")) {
                lanes.put(
                        event.path("tid").asInt(),
                        event.path("args").path("name").asText());
            }
        }
        assertThat(lanes)
                .containsExactly(
                        Map.entry(0, "loop"), Map.entry(1, "parlance-train-0"), Map.entry(2, "parlance-train-1"));
        List<JsonNode> complete = complete(profile);
        assertThat(complete).hasSize((int) profile.events());
        for (int tid = 1; tid <= 2; tid++) {
            int lane = tid;
            List<String> names = complete.stream()
                    .filter(event -> event.path("tid").asInt() == lane)
                    .map(event -> event.path("name").asText())
                    .toList();
            assertThat(names)
                    .contains("gradients", "batch", "forward", "backward", "free", "reduce", "clip", "optimizer")
                    .contains(
                            "linear", "matmul", "layerNorm", "softmax", "dropoutMask", "crossEntropy", "_fused_adamw_")
                    .contains("linear backward", "matmul backward", "layerNorm backward", "embedding backward");
        }
        assertThat(complete.stream()
                        .filter(event -> event.path("name").asText().equals("step"))
                        .map(event -> event.path("args").path("step").asInt()))
                .containsExactly(3, 4, 5);
        JsonNode linear = complete.stream()
                .filter(event -> event.path("name").asText().equals("linear backward"))
                .findFirst()
                .orElseThrow();
        assertThat(linear.path("args").path("shapes").asText()).startsWith("[");
        assertThat(linear.path("args").path("flops").asLong()).isPositive();
        assertThat(notices).hasSize(1).first().asString().contains("trace.json", "ui.perfetto.dev", "chrome://tracing");
    }

    @Test
    void spans_and_operations_of_a_thread_nest() throws IOException {
        Profile profile =
                Objects.requireNonNull(run(profiling(config.with("training.gradient_checkpointing", true), 1, 3))
                        .profile());
        Map<Integer, List<JsonNode>> lanes = new LinkedHashMap<>();
        complete(profile)
                .forEach(event -> lanes.computeIfAbsent(event.path("tid").asInt(), tid -> new ArrayList<>())
                        .add(event));
        assertThat(lanes).hasSize(3);
        lanes.values().forEach(ProfileTest::assertNested);
    }

    private static long start(JsonNode event) {
        return Math.round(event.path("ts").asDouble() * 1000);
    }

    private static long end(JsonNode event) {
        return start(event) + Math.round(event.path("dur").asDouble() * 1000);
    }

    /** Each begins after the end of the one before it, or lies within it. */
    private static void assertNested(List<JsonNode> lane) {
        List<JsonNode> sorted = lane.stream()
                .sorted(Comparator.comparingLong(ProfileTest::start)
                        .thenComparing(
                                Comparator.comparingLong(ProfileTest::end).reversed()))
                .toList();
        Deque<JsonNode> open = new ArrayDeque<>();
        for (JsonNode event : sorted) {
            while (!open.isEmpty() && end(open.peek()) <= start(event)) {
                open.pop();
            }
            if (!open.isEmpty()) {
                assertThat(end(event)).as("%s in %s", event, open.peek()).isLessThanOrEqualTo(end(open.peek()));
            }
            open.push(event);
        }
    }

    @Test
    void the_table_adds_up_to_the_time_of_the_steps() throws IOException {
        Profile profile = Objects.requireNonNull(run(profiling(config, 3, 4)).profile());
        double stepMillis = profile.steps().count() * profile.steps().meanMillis();
        double rows = profile.operations().stream()
                .mapToDouble(Profile.Operation::totalMillis)
                .sum();
        assertThat(rows).isCloseTo(2 * stepMillis, within(0.02 * rows));
        assertThat(profile.operations().stream()
                        .mapToDouble(Profile.Operation::share)
                        .sum())
                .isCloseTo(1, within(1e-6));
        assertThat(profile.categories().stream()
                        .mapToDouble(Profile.Part::share)
                        .sum())
                .isCloseTo(1, within(1e-6));
        assertThat(profile.operations())
                .allSatisfy(row -> assertThat(row.totalMillis()).isNotNegative());
        double lanes = complete(profile).stream()
                        .filter(event -> event.path("name").asText().equals("step"))
                        .mapToLong(event -> end(event) - start(event))
                        .sum()
                / 1e6;
        assertThat(lanes).isCloseTo(stepMillis, within(0.02 * stepMillis));

        Profile.Steps before = Objects.requireNonNull(profile.before());
        assertThat(before.count()).isEqualTo(2); // the later half of the three
        assertThat(before.meanMillis()).isPositive();
        assertThat(profile.gemmPeakGflops()).isPositive();
        assertThat(profile.gflops()).isPositive().isLessThan(profile.gemmPeakGflops());
        assertThat(new TreeSet<>(
                        profile.categories().stream().map(Profile.Part::name).toList()))
                .contains("matrix products", "attention products", "normalisation", "dropout", "embedding")
                .contains("optimizer", "gradient reduction", "waiting for the slowest thread", "element-wise");
        assertThat(JSON.readTree(profile.table().toFile()).path("operations"))
                .hasSize(profile.operations().size());
    }

    /** The tiny BERT has two layers of six products each, and a head of two. */
    @Test
    void every_product_is_counted_forward_and_backward() {
        Profile profile = Objects.requireNonNull(run(profiling(config, 1, 2)).profile());
        Map<String, Long> calls = new LinkedHashMap<>();
        profile.operations().forEach(row -> calls.put(row.name() + " " + row.phase(), row.calls()));
        long shares = 2 * 2; // steps and workers
        assertThat(calls).containsEntry("linear forward", shares * (2 * 6 + 2));
        assertThat(calls).containsEntry("linear backward", shares * (2 * 6 + 2));
        assertThat(calls).containsEntry("matmul forward", shares * 2 * 2);
        assertThat(calls).containsEntry("matmul backward", shares * 2 * 2);
        assertThat(calls).containsEntry("(waiting) gradients", 2L);
    }

    @Test
    void a_trace_that_is_full_says_how_much_it_lacks_and_the_table_counts_all() throws IOException {
        RunConfig much = config.with("training.num_train_epochs", 5);
        Profile all = Objects.requireNonNull(run(profiling(much, 1, 8)).profile());
        Profile cut = Objects.requireNonNull(run(profiling(much, 1, 8)
                        .with("training.profile_max_events", 1000)
                        .with("overwrite_output_dir", true))
                .profile());
        assertThat(all.droppedEvents()).isZero();
        assertThat(cut.events()).isEqualTo(1000);
        assertThat(cut.droppedEvents()).isEqualTo(all.events() - 1000).isPositive();
        assertThat(complete(cut)).hasSize(1000);
        assertThat(calls(cut)).isEqualTo(calls(all));
    }

    private static long calls(Profile profile) {
        return profile.operations().stream().mapToLong(Profile.Operation::calls).sum();
    }

    @Test
    void a_run_that_is_recorded_has_its_profile_in_its_directory() throws IOException {
        Path runs = folder.resolve("runs");
        Profile profile = Objects.requireNonNull(run(profiling(config, 0, 1)
                        .with("tracking.report_to", "all")
                        .with("tracking.runs_dir", runs.toString()))
                .profile());
        assertThat(profile.directory().getFileName()).hasToString("profile");
        assertThat(profile.directory()).startsWith(runs);
        assertThat(profile.before()).isNull();
        assertThat(profile.trace()).isNotEmptyFile();
        assertThat(complete(profile).stream().map(event -> event.path("name").asText()))
                .contains("listeners");
    }

    @Test
    void a_run_that_is_too_short_says_so_and_one_that_ends_early_has_the_steps_there_were() {
        assertThat(run(profiling(config, 50, 3)).profile()).isNull();
        assertThat(notices)
                .hasSize(1)
                .first()
                .asString()
                .contains("no step was profiled", "training.profile_skip_steps");
        TrainingResult result = run(profiling(config, 6, 30).with("overwrite_output_dir", true));
        assertThat(Objects.requireNonNull(result.profile()).steps().count()).isEqualTo(2);
    }

    @Test
    void a_profile_that_cannot_be_written_does_not_end_the_run() throws IOException {
        Files.writeString(folder.resolve("model.profile"), "a file where the directory should be");
        TrainingResult result = run(profiling(config, 1, 1));
        assertThat(result.profile()).isNull();
        assertThat(result.steps()).isEqualTo(8);
        assertThat(notices).hasSize(1).first().asString().startsWith("the profile is not saved: ");
    }

    @Test
    void a_run_that_goes_on_may_be_profiled_or_not() throws IOException {
        run(profiling(config, 1, 2), Resume.NO, 4);
        TrainingResult rest = run(profiling(config, 0, 3), new Resume(true, null, false), Long.MAX_VALUE);
        assertThat(Objects.requireNonNull(rest.profile()).firstStep()).isEqualTo(5);
        byte[] resumed = Files.readAllBytes(folder.resolve("model/model.safetensors"));
        run(config.with("overwrite_output_dir", true));
        assertThat(folder.resolve("model/model.safetensors")).hasBinaryContent(resumed);
    }

    @Test
    void a_linear_model_has_no_steps_to_profile() {
        RunConfig linear = profiling(config, 1, 2).with("model.model_name_or_path", "linear");
        assertThatThrownBy(() -> run(linear))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("training.profile_steps is 2")
                .hasMessageContaining("model.model_name_or_path is linear");
    }
}
