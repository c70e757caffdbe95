package dev.parlance.train.track;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlance.config.Json;
import dev.parlance.config.RunConfig;
import dev.parlance.track.Metrics;
import dev.parlance.track.RunFiles;
import dev.parlance.track.RunInfo;
import dev.parlance.track.RunStatus;
import dev.parlance.track.TrackedRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunWriterTest {
    @TempDir
    Path folder;

    private final List<String> warnings = new ArrayList<>();
    private RunConfig config = RunConfig.defaults();

    @BeforeEach
    void place() {
        config = config.with("data.train", "reviews.csv")
                .with("output_dir", "models/My reviews (好)")
                .with("tracking.runs_dir", folder.resolve("runs").toString());
    }

    private RunWriter start() {
        return Objects.requireNonNull(RunWriter.start(config, warnings::add));
    }

    @Test
    void a_run_is_there_from_its_first_moment_on() {
        try (RunWriter writer = start()) {
            TrackedRun run = TrackedRun.read(writer.directory());
            assertThat(run.id()).matches("\\d{8}-\\d{6}-My-reviews-好");
            assertThat(run.status()).isEqualTo(RunStatus.RUNNING);
            assertThat(run.info().outputDir())
                    .isEqualTo(Path.of("models/My reviews (好)").toAbsolutePath().toString());
            assertThat(run.settings()).containsEntry("output_dir", "models/My reviews (好)");
        }
        assertThat(warnings).isEmpty();
    }

    @Test
    void numbers_can_be_read_as_soon_as_they_are_recorded() throws IOException {
        try (RunWriter writer = start()) {
            writer.scalars(1, 0.5, Map.of("loss", 0.75));
            writer.scalars(2, 1.0, Map.of("loss", Double.NaN));
            String text = Files.readString(writer.directory().resolve(RunFiles.METRICS));
            assertThat(text.lines()).hasSize(2);
            assertThat(text).startsWith("{\"step\":1,\"epoch\":0.5,\"loss\":0.75,\"wall_time\":");
            assertThat(Json.parseObject(text.lines().toList().get(1))).isPresent(); // NaN is a text there
        }
    }

    @Test
    void runs_that_start_at_the_same_moment_get_directories_of_their_own()
            throws InterruptedException, ExecutionException {
        int count = 40;
        Instant now = Instant.parse("2026-01-02T03:04:05Z");
        ExecutorService pool = Executors.newFixedThreadPool(8);
        Set<Path> directories = new HashSet<>();
        try {
            List<Callable<Path>> starts = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                starts.add(() -> RunDirectory.create(folder, "a", now));
            }
            for (Future<Path> directory : pool.invokeAll(starts)) {
                directories.add(directory.get());
            }
        } finally {
            pool.shutdown();
        }
        assertThat(directories)
                .hasSize(count)
                .contains(folder.resolve("20260102-030405-a"), folder.resolve("20260102-030405-a-40"));
    }

    @Test
    void names_become_words_that_every_file_system_takes() {
        assertThat(RunDirectory.word("../../etc")).isEqualTo("etc");
        assertThat(RunDirectory.word("a b/c\\d:e")).isEqualTo("a-b-c-d-e");
        assertThat(RunDirectory.word("...")).isEqualTo("run");
        assertThat(RunDirectory.word("评论_v1.2")).isEqualTo("评论_v1.2");
        assertThat(RunDirectory.word("x".repeat(500))).hasSize(60);
    }

    @Test
    void a_directory_that_cannot_be_made_is_told_and_ends_nothing() throws IOException {
        Files.writeString(folder.resolve("runs"), "a file");
        assertThat(RunWriter.start(config, warnings::add)).isNull();
        assertThat(warnings).singleElement().asString().contains("the run is not recorded", "--runs-dir");
    }

    @Test
    void an_error_of_the_disk_is_told_once_and_ends_nothing() throws IOException {
        try (RunWriter writer = start()) {
            Files.createDirectories(writer.directory().resolve(RunFiles.WRONG_PREDICTIONS + "/occupied"));
            RunInfo.Best best = new RunInfo.Best("accuracy", 0.5, 1);
            writer.best(best, Reports.of(3, 1), List.of());
            writer.best(best, Reports.of(3, 1), List.of());
            writer.scalars(2, 1, Map.of("loss", 0.5));
            writer.finished(Map.of("validation", Reports.of(3, 1)), null, false);
            assertThat(warnings).singleElement().asString().contains("training goes on");
            TrackedRun run = TrackedRun.read(writer.directory());
            assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
            assertThat(run.info().trackingError()).isNotNull();
            assertThat(run.info().scores().get("validation")).containsEntry("accuracy", 0.75);
            assertThat(run.metrics().all()).isEmpty();
        }
    }

    @Test
    void a_torn_last_line_is_cut_off_before_more_is_appended() throws IOException {
        Path file = Files.writeString(folder.resolve("metrics.jsonl"), "{\"step\":1,\"loss\":1}\n{\"step\":2,\"lo");
        try (JsonLinesFile lines = new JsonLinesFile(file)) {
            lines.append(Json.object().put("step", 2).put("loss", 0.5));
        }
        Metrics metrics = Metrics.read(file, 10);
        assertThat(metrics.series("loss").values()).containsExactly(1, 0.5);
        assertThat(metrics.damagedLines()).isZero();
    }

    @Test
    void what_ended_a_run_is_recorded() {
        try (RunWriter writer = start()) {
            writer.stepped(17);
            writer.failed(new IllegalStateException("the loss became NaN"));
            TrackedRun run = TrackedRun.read(writer.directory());
            assertThat(run.status()).isEqualTo(RunStatus.FAILED);
            assertThat(run.info().error()).isEqualTo("the loss became NaN");
            assertThat(run.info().step()).isEqualTo(17);
        }
    }

    @Test
    void nothing_is_written_where_nothing_is_wanted() throws IOException {
        assertThat(RunWriter.start(config.with("tracking.report_to", "none"), warnings::add))
                .isNull();
        assertThat(folder.resolve("runs")).doesNotExist();
        config = config.with("tracking.report_to", "jsonl");
        try (RunWriter writer = start();
                var files = Files.list(writer.directory())) {
            assertThat(files.map(file -> file.getFileName().toString())).noneMatch(name -> name.contains("tfevents"));
        }
    }

    @Test
    void long_texts_of_wrong_predictions_are_cut_between_characters() {
        WrongPrediction wrong = new WrongPrediction("x".repeat(1999) + "😀😀", null, "a", "b", 0.9, 0.1, 2);
        assertThat(wrong.text()).isEqualTo("x".repeat(1999) + "…");
    }
}
