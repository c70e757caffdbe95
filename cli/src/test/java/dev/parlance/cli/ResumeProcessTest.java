package dev.parlance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlance.config.Json;
import dev.parlance.track.RunFiles;
import dev.parlance.track.RunStatus;
import dev.parlance.track.RunStore;
import dev.parlance.track.TrackedRun;
import dev.parlance.train.checkpoint.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are killed and go on; {@code runs/KillAndResume.java} does it more often. */
class ResumeProcessTest {
    private static final int KILLS = 3;
    private static final int MOST_RUNS = 20;

    @TempDir
    static Path directory;

    @BeforeAll
    static void write_data_and_model_and_train_once() throws IOException, InterruptedException {
        Files.writeString(directory.resolve("data.csv"), TinyBase.rows(64, ','));
        TinyBase.write(directory.resolve("tiny"));
        finish(train("whole"));
    }

    private static List<String> train(String output, String... more) {
        List<String> words = new ArrayList<>(List.of("train", "--data", "data.csv", "--model", "tiny"));
        words.addAll(List.of("--output", output, "--dropout", "0.1", "--max-steps", "600", "--threads", "2"));
        words.addAll(List.of("--per-device-train-batch-size", "16", "--save-strategy", "steps", "--save-steps", "7"));
        words.addAll(List.of("--runs-dir", "runs"));
        words.addAll(List.of(more));
        return words;
    }

    private static List<String> finish(List<String> words) throws IOException, InterruptedException {
        try (Forked process = Forked.parlance(directory, words)) {
            return process.finish(0);
        }
    }

    private static void assertSameAsWhole(String output) {
        for (String file : List.of("model.safetensors", "model.onnx", "report.json")) {
            assertThat(directory.resolve(output).resolve(file))
                    .as(file)
                    .hasSameBinaryContentAs(directory.resolve("whole").resolve(file));
        }
    }

    @Test
    void one_seed_gives_the_same_bytes_in_another_process() throws IOException, InterruptedException {
        finish(train("again"));
        assertSameAsWhole("again");
    }

    @Test
    void a_run_that_is_killed_again_and_again_ends_with_the_bytes_of_the_unbroken_one()
            throws IOException, InterruptedException {
        Random random = new Random(5);
        int killed = 0;
        for (int run = 0; killed < KILLS && run < MOST_RUNS; run++) {
            try (Forked process = Forked.parlance(directory, train("killed", "--resume"))) {
                process.await("examples to train on");
                awaitCheckpoint(process);
                Thread.sleep(random.nextInt(200));
                process.kill();
            }
            killed += Files.exists(directory.resolve("killed/config.json")) ? 0 : 1;
        }
        assertThat(killed).isEqualTo(KILLS);
        assertThat(finish(train("killed", "--resume"))).anyMatch(line -> line.startsWith("going on after step "));
        assertSameAsWhole("killed");
        assertThat(directory.resolve("killed.unfinished")).doesNotExist();
        assertOneRecord("killed");
    }

    /** All processes of a run are one run in the records, and nothing is there twice. */
    private static void assertOneRecord(String output) throws IOException {
        List<TrackedRun> runs = new RunStore(directory.resolve("runs"))
                .runs(warning -> {}).stream()
                        .filter(run -> run.id().endsWith("-" + output))
                        .toList();
        assertThat(runs).hasSize(1);
        TrackedRun run = runs.get(0);
        assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
        assertThat(run.info().resumptions()).hasSizeGreaterThanOrEqualTo(KILLS);
        TrackedRun whole = new RunStore(directory.resolve("runs")).run("whole");
        assertThat(rows(run)).isEqualTo(rows(whole));
        Run shown = Run.of("runs", "--runs-dir", directory.resolve("runs").toString(), "show", run.id());
        assertThat(shown.out()).contains("resumed", " after step ");
    }

    private static List<String> rows(TrackedRun run) throws IOException {
        return Files.readAllLines(run.directory().resolve(RunFiles.METRICS)).stream()
                .map(line -> Json.parseObject(line).orElseThrow())
                .map(line -> line.path("step") + " " + line.path("loss") + " " + line.path("eval_loss"))
                .toList();
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs POSIX signals")
    void a_stopped_run_says_how_to_go_on_and_does() throws IOException, InterruptedException {
        try (Forked process = Forked.parlance(directory, train("stopped"))) {
            process.await("examples to train on");
            process.signal("TERM");
            List<String> lines = process.finish(143);
            assertThat(lines)
                    .contains("go on with: parlance train --resume stopped", "model, report and ONNX graph: stopped");
        }
        Run refused = Run.of(
                "train",
                "--data",
                "data.csv",
                "--output",
                directory.resolve("stopped").toString());
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err())
                .startsWith("parlance: there is an unfinished run of ")
                .contains("; go on with --resume, or discard it and start over with --overwrite")
                .hasLineCount(1);
        finish(List.of("train", "--resume", "stopped")); // data and settings are known from the run
        assertSameAsWhole("stopped");
    }

    /** Waits until there is something to go on from, however slow the machine is. */
    private static void awaitCheckpoint(Forked process) throws IOException, InterruptedException {
        while (process.isAlive()
                && RunDirectory.newest(directory.resolve("killed.unfinished")).isEmpty()) {
            Thread.sleep(2);
        }
    }
}
