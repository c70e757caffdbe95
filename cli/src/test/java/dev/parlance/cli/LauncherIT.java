package dev.parlance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code parlance} on the packaged jar, placed as in a distribution: without sources, so without building. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the launcher is a shell script")
class LauncherIT {
    @TempDir
    Path root;

    @BeforeEach
    void place() throws IOException {
        Path cli = Path.of("").toAbsolutePath();
        Path target = Files.createDirectories(root.resolve("cli/target"));
        Path launcher = Files.copy(cli.resolveSibling("parlance"), root.resolve("parlance"));
        assertThat(launcher.toFile().setExecutable(true)).isTrue();
        Files.copy(cli.resolve("target/parlance-cli.jar"), target.resolve("parlance-cli.jar"));
        Files.createSymbolicLink(target.resolve("lib"), cli.resolve("target/lib"));
    }

    /** Else JUnit warns that it leaves what the link points to. */
    @AfterEach
    void unlink() throws IOException {
        Files.delete(root.resolve("cli/target/lib"));
    }

    @Test
    void doctor_finds_a_fresh_machine_fit() throws IOException, InterruptedException {
        List<String> lines = run(0, "doctor");
        assertThat(lines).anyMatch(line -> line.startsWith("ok")).noneMatch(line -> line.startsWith("fail"));
        assertThat(lines).noneMatch(line -> line.contains("INFO") || line.contains("\u001b"));
        assertThat(root.resolve("home/natives")).isNotEmptyDirectory();
    }

    @Test
    void models_lists_licences_and_that_nothing_is_cached() throws IOException, InterruptedException {
        assertThat(run(0, "models"))
                .anyMatch(line -> line.startsWith("NAME"))
                .anyMatch(line -> line.matches("minilm .*Apache-2.0 +no"))
                .anyMatch(line -> line.matches("bge-small-zh .*MIT +no"));
    }

    @Test
    void the_version_is_that_of_the_build() throws IOException, InterruptedException {
        assertThat(run(0, "--version").get(0)).matches("parlance \\d+\\.\\d+\\.\\d+.*");
    }

    @Test
    void exit_codes_and_hints_pass_through() throws IOException, InterruptedException {
        assertThat(run(2, "predict", "no/such/model", "text"))
                .hasSize(1)
                .first()
                .asString()
                .startsWith("parlance: no/such/model");
    }

    @Test
    void works_through_a_symbolic_link_and_without_a_utf8_locale() throws IOException, InterruptedException {
        Path link = Files.createSymbolicLink(root.resolve("p"), root.resolve("parlance"));
        try (SelfTestModel model = SelfTestModel.unpack()) {
            List<String> lines = run(
                    0, link, Map.of("LC_ALL", "C"), "predict", model.directory().toString(), "good 好 😀");
            assertThat(lines).containsExactly("{\"label\":\"positive\",\"score\":0.982014,\"text\":\"good 好 😀\"}");
        }
    }

    private List<String> run(int exitCode, String... words) throws IOException, InterruptedException {
        return run(exitCode, root.resolve("parlance"), Map.of(), words);
    }

    private List<String> run(int exitCode, Path launcher, Map<String, String> variables, String... words)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(words));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(root.toFile()).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("PARLANCE_HOME", root.resolve("home").toString());
        builder.environment().putAll(variables);
        Process process = builder.start();
        try (var reader = process.inputReader()) {
            List<String> lines = reader.lines().toList();
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(String.join("\n", lines)).isEqualTo(exitCode);
            return lines;
        } finally {
            process.destroyForcibly();
        }
    }
}
