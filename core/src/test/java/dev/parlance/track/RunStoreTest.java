package dev.parlance.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlance.config.Json;
import dev.parlance.config.RunConfig;
import dev.parlance.config.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunStoreTest {
    @TempDir
    Path runs;

    @BeforeEach
    void two_runs() throws IOException {
        RunFixture.finished(runs, "20260101-100000-reviews", "2026-01-01T10:00:00Z", 1e-4, 0.8);
        RunFixture.finished(runs, "20260102-100000-news", "2026-01-02T10:00:00Z", 3e-5, 0.9);
    }

    @Test
    void lists_the_newest_first_and_passes_over_what_is_no_run() throws IOException {
        Files.createDirectories(runs.resolve("text-classification"));
        Files.writeString(runs.resolve("README.md"), "recorded figures");
        List<String> warnings = new ArrayList<>();
        assertThat(new RunStore(runs).runs(warnings::add))
                .extracting(TrackedRun::id)
                .containsExactly("20260102-100000-news", "20260101-100000-reviews");
        assertThat(warnings).isEmpty();
    }

    @Test
    void tells_of_a_run_that_cannot_be_read_and_shows_the_others() throws IOException {
        Path broken = Files.createDirectories(runs.resolve("20260103-100000-broken"));
        Files.writeString(broken.resolve(RunFiles.INFO), "{\"id\": ");
        List<String> warnings = new ArrayList<>();
        assertThat(new RunStore(runs).runs(warnings::add)).hasSize(2);
        assertThat(warnings).singleElement().asString().contains("20260103-100000-broken", "no valid JSON");
    }

    @Test
    void a_directory_that_is_not_there_has_no_runs() {
        assertThat(new RunStore(runs.resolve("none")).runs(warning -> {})).isEmpty();
        assertThatThrownBy(() -> new RunStore(runs.resolve("none")).run("last"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("there are no runs in")
                .hasMessageContaining("--runs-dir");
    }

    @Test
    void finds_a_run_by_its_id_a_part_of_it_or_as_the_last() {
        RunStore store = new RunStore(runs);
        assertThat(store.run("20260101-100000-reviews").id()).isEqualTo("20260101-100000-reviews");
        assertThat(store.run("20260101").id()).isEqualTo("20260101-100000-reviews");
        assertThat(store.run("news").id()).isEqualTo("20260102-100000-news");
        assertThat(store.run("last").id()).isEqualTo("20260102-100000-news");
    }

    @Test
    void the_last_of_two_runs_of_the_same_second_is_the_one_that_began_later() throws IOException {
        RunFixture.finished(runs, "20260103-100000-a", "2026-01-03T10:00:00.700Z", 1e-4, 0.8);
        RunFixture.finished(runs, "20260103-100000-b", "2026-01-03T10:00:00.200Z", 1e-4, 0.8);
        assertThat(new RunStore(runs).run("last").id()).isEqualTo("20260103-100000-a");
    }

    @Test
    void says_which_run_may_be_meant() {
        RunStore store = new RunStore(runs);
        assertThatThrownBy(() -> store.run("20260102-100000-nwes"))
                .isInstanceOf(UserError.class)
                .hasMessageEndingWith("did you mean 20260102-100000-news?");
        assertThatThrownBy(() -> store.run("2026"))
                .isInstanceOf(UserError.class)
                .hasMessage("'2026' fits 2 runs, expected one: 20260102-100000-news, 20260101-100000-reviews");
        assertThatThrownBy(() -> store.run("../20260102-100000-news"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("there is no run");
    }

    @Test
    void a_run_that_is_silent_is_lost() {
        RunInfo info = RunFixture.info("a", RunStatus.RUNNING, "2026-01-01T10:00:00Z", 0.5);
        TrackedRun run = new TrackedRun(runs.resolve("a"), info);
        assertThat(run.status(info.heartbeatAt().plusSeconds(30))).isEqualTo(RunStatus.RUNNING);
        assertThat(run.status(info.heartbeatAt().plus(Duration.ofMinutes(3)))).isEqualTo(RunStatus.LOST);
    }

    @Test
    void a_run_whose_process_is_gone_is_lost_at_once() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"), "-version")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.waitFor();
        assertThat(running(process.pid()).status()).isEqualTo(RunStatus.LOST);
        assertThat(running(ProcessHandle.current().pid()).status()).isEqualTo(RunStatus.RUNNING);
    }

    private TrackedRun running(long pid) {
        return running(pid, Instant.now(), List.of());
    }

    private TrackedRun running(long pid, Instant startedAt, List<RunInfo.Resumption> resumptions) {
        Instant now = Instant.now();
        RunInfo info = new RunInfo(
                "a",
                RunStatus.RUNNING,
                startedAt,
                now,
                null,
                Machines.hostName(),
                pid,
                "",
                "",
                "",
                0,
                0,
                null,
                Map.of(),
                null,
                null,
                resumptions);
        return new TrackedRun(runs.resolve("a"), info);
    }

    @Test
    void a_resumed_run_lives_by_the_process_that_goes_on_and_its_breaks_do_not_count() {
        Instant now = Instant.now();
        Instant began = now.minus(Duration.ofDays(2));
        RunInfo.Resumption resumption = new RunInfo.Resumption(began.plusSeconds(60), 21, now.minusSeconds(1), 16);
        long self = ProcessHandle.current().pid();
        assertThat(running(self, began, List.of()).status())
                .isEqualTo(RunStatus.LOST); // another process of that number
        TrackedRun resumed = running(self, began, List.of(resumption));
        assertThat(resumed.status()).isEqualTo(RunStatus.RUNNING);
        assertThat(resumed.duration()).isBetween(Duration.ofSeconds(61), Duration.ofSeconds(71));
        assertThat(RunInfo.fromJson(resumed.info().toJson(), "run.json")).isEqualTo(resumed.info());
    }

    @Test
    void the_state_is_the_same_after_writing_and_reading() {
        RunInfo info = RunFixture.info("a", RunStatus.FAILED, "2026-01-01T10:00:00.123Z", 0.5);
        assertThat(RunInfo.fromJson(info.toJson(), "run.json")).isEqualTo(info);
        assertThat(RunInfo.fromJson(info.toJson().put("of_a_later_version", 1), "run.json"))
                .isEqualTo(info);
    }

    @Test
    void a_state_that_is_none_is_refused_with_its_file() {
        assertThatThrownBy(() -> RunInfo.fromJson(Json.object().put("id", "a"), "runs/a/run.json"))
                .isInstanceOf(UserError.class)
                .hasMessage("runs/a/run.json is no record of a run: it has no text under status");
    }

    @Test
    void compares_what_differs() throws IOException {
        RunStore store = new RunStore(runs);
        RunComparison comparison = RunComparison.of(List.of(store.run("news"), store.run("reviews")));
        assertThat(comparison.settings())
                .containsOnlyKeys("training.learning_rate")
                .containsEntry("training.learning_rate", List.of("3.0E-5", "1.0E-4"));
        assertThat(comparison.scores()).containsEntry("test_macro_f1", List.of(0.9, 0.8));
    }

    @Test
    void filters_by_settings_scores_and_state() {
        RunStore store = new RunStore(runs);
        List<Map<String, String>> all =
                store.runs(warning -> {}).stream().map(RunValues::of).toList();
        assertThat(matching("learning_rate=1e-4", all)).containsExactly("20260101-100000-reviews");
        assertThat(matching("learning_rate<1e-4", all)).containsExactly("20260102-100000-news");
        assertThat(matching("test_macro_f1 >= 0.9", all)).containsExactly("20260102-100000-news");
        assertThat(matching("id=*REVIEWS", all)).containsExactly("20260101-100000-reviews");
        assertThat(matching("status!=finished", all)).isEmpty();
        assertThat(matching("id=.*", all)).isEmpty();
    }

    private static List<String> matching(String filter, List<Map<String, String>> runs) {
        RunFilter resolved = RunFilter.parse(filter).resolve(runs);
        return runs.stream()
                .filter(resolved::matches)
                .map(values -> values.getOrDefault("id", ""))
                .toList();
    }

    @Test
    void a_filter_that_cannot_be_meant_is_refused() {
        List<Map<String, String>> all = new RunStore(runs)
                .runs(warning -> {}).stream().map(RunValues::of).toList();
        assertThatThrownBy(() -> RunFilter.parse("finished"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("'finished' is no filter, expected KEY=VALUE");
        assertThatThrownBy(() -> RunFilter.parse("learning_rat=1").resolve(all))
                .isInstanceOf(UserError.class)
                .hasMessage("no run has a value called 'learning_rat'; did you mean learning_rate?");
    }

    @Test
    void settings_of_another_version_can_still_be_read() throws IOException {
        Path directory = runs.resolve("20260102-100000-news");
        Files.writeString(directory.resolve(RunFiles.SETTINGS), "training:\n  of_a_later_version: 7\n");
        assertThat(TrackedRun.read(directory).settings())
                .containsExactly(Map.entry("training.of_a_later_version", "7"));
        assertThat(RunConfig.defaults().tracking().enabled()).isTrue();
    }
}
