package dev.parlance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What only a process of its own can show: which classes it loads, and what signals do to it. */
class ProcessTest {
    @TempDir
    Path directory;

    @Test
    void predict_loads_neither_libtorch_nor_training_and_logs_nothing() throws IOException, InterruptedException {
        try (SelfTestModel model = SelfTestModel.unpack();
                Forked process = Forked.java(
                        directory,
                        List.of("-verbose:class"),
                        "dev.parlance.cli.Main",
                        "predict",
                        model.directory().toString(),
                        "good")) {
            List<String> lines = process.finish(0);
            assertThat(lines).anyMatch(line -> line.startsWith("{\"label\":\"positive\""));
            assertThat(lines).anyMatch(line -> line.contains("ai.onnxruntime.OrtSession "));
            assertThat(lines).noneMatch(line -> line.contains("org.bytedeco") || line.contains("dev.parlance.train."));
            assertThat(lines).filteredOn(line -> !line.startsWith("[")).hasSize(1); // the label alone: no log lines
        }
    }

    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143"})
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs POSIX signals")
    void a_signal_stops_training_and_saves_the_best_so_far(String signal, int exitCode)
            throws IOException, InterruptedException {
        try (Forked training = Forked.parlance(directory, endlessTraining())) {
            training.await("epoch 2.00"); // in the thick of native calls
            training.signal(signal);
            long start = System.nanoTime();
            List<String> lines = training.finish(exitCode);
            assertThat((System.nanoTime() - start) / 1e9).isLessThan(30);
            assertThat(lines)
                    .anyMatch(line -> line.startsWith("stopping after this step, then saving the best so far"))
                    .anyMatch(
                            line -> line.matches("stopped after step [\\d,]+ of [\\d,]+ as you asked; the best so far,"
                                    + " of step [\\d,]+, is saved"))
                    .contains("model, report and ONNX graph: models/stopped");
        }
        Run run = Run.of("predict", directory.resolve("models/stopped").toString(), "good");
        assertThat(run.code()).isZero();
        assertThat(run.out()).startsWith("{\"label\":");
        assertThat(crashLogs()).isEmpty();
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs POSIX signals")
    void the_second_signal_stops_training_at_once() throws IOException, InterruptedException {
        try (Forked training = Forked.parlance(directory, endlessTraining())) {
            training.await("epoch 1.00");
            for (int i = 0; i < 50 && training.isAlive(); i++) { // signals of one kind merge while one is pending
                training.signal("INT");
            }
            assertThat(training.finish(130)).anyMatch(line -> line.startsWith("stopping after this step"));
        }
        assertThat(crashLogs()).isEmpty();
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs POSIX signals")
    void the_first_signal_asks_once_there_is_something_to_save() throws IOException, InterruptedException {
        try (Forked process = Forked.java(directory, List.of(), WaitsForInterrupts.class.getName(), "saving")) {
            process.await("ready");
            process.signal("INT");
            process.await("stopping after this step");
            assertThat(process.isAlive()).isTrue();
            process.signal("TERM");
            assertThat(process.finish(143)).endsWith("stopped at once, nothing was saved");
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs POSIX signals")
    void the_first_signal_ends_what_has_nothing_to_save() throws IOException, InterruptedException {
        try (Forked process = Forked.java(directory, List.of(), WaitsForInterrupts.class.getName())) {
            process.await("ready");
            process.signal("INT");
            assertThat(process.finish(130)).endsWith("stopped, nothing was trained yet");
        }
    }

    /** Stands for a run that takes long, before training if there are no arguments. */
    static final class WaitsForInterrupts {
        public static void main(String[] args) throws InterruptedException {
            Interrupts interrupts = Interrupts.listen(System.out::println);
            if (args.length > 0) {
                interrupts.somethingToSave();
            }
            System.out.println("ready");
            Thread.sleep(60_000);
        }
    }

    private List<String> endlessTraining() throws IOException {
        Path data = Files.writeString(directory.resolve("data.csv"), TinyBase.rows(64, ','));
        Path base = TinyBase.write(directory.resolve("tiny"));
        return new ArrayList<>(List.of(
                "train",
                "--data",
                data.toString(),
                "--model",
                base.toString(),
                "--output",
                "models/stopped",
                "--num-train-epochs",
                "100000"));
    }

    private List<Path> crashLogs() throws IOException {
        try (var files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith("hs_err"))
                    .toList();
        }
    }
}
