package dev.parlance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What only a process of its own can show: which classes it loads, and what signals do to it. */
class ProcessTest {
    @Test
    void predict_loads_neither_libtorch_nor_training() throws IOException, InterruptedException {
        try (SelfTestModel model = SelfTestModel.unpack()) {
            List<String> lines = finish(java(
                    List.of("-verbose:class"),
                    "dev.parlance.cli.Main",
                    "predict",
                    model.directory().toString(),
                    "good"));
            assertThat(lines).anyMatch(line -> line.startsWith("{\"label\":\"positive\""));
            assertThat(lines).anyMatch(line -> line.contains("ai.onnxruntime.OrtSession "));
            assertThat(lines).noneMatch(line -> line.contains("org.bytedeco") || line.contains("dev.parlance.train."));
        }
    }

    @Test
    void the_first_interrupt_asks_and_the_second_ends() throws IOException, InterruptedException {
        Assumptions.assumeFalse(System.getProperty("os.name").startsWith("Windows"), "needs POSIX signals");
        Process process = java(List.of(), WaitsForInterrupts.class.getName());
        try (BufferedReader lines = process.inputReader()) {
            assertThat(lines.readLine()).isEqualTo("ready");
            interrupt(process);
            assertThat(lines.readLine()).isEqualTo("asked to stop");
            assertThat(process.isAlive()).isTrue();
            interrupt(process);
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(130);
        } finally {
            process.destroyForcibly();
        }
    }

    /** Stands for a training run that takes long. */
    static final class WaitsForInterrupts {
        public static void main(String[] args) throws InterruptedException {
            Interrupts interrupts = Interrupts.listen(() -> System.out.println("asked to stop"));
            System.out.println("ready");
            for (int i = 0; i < 600 && !(interrupts.getAsBoolean() && i > 300); i++) { // a minute at most
                Thread.sleep(100);
            }
        }
    }

    private static void interrupt(Process process) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    }

    private static Process java(List<String> flags, String... words) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(words));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static List<String> finish(Process process) throws IOException, InterruptedException {
        try (BufferedReader reader = process.inputReader()) {
            List<String> lines = reader.lines().toList();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(String.join("\n", lines)).isZero();
            return lines;
        }
    }
}
