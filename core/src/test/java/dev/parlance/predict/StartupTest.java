package dev.parlance.predict;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a fresh JVM does to the machine it runs on when it answers its first text. */
class StartupTest {
    @TempDir
    Path home;

    @TempDir
    Path temporary;

    @Test
    void tries_no_connection_and_keeps_its_files_in_the_cache() throws Exception {
        String output = probe("parlance");
        assertThat(output).contains("connections: 0").contains("properties left: []");
        assertThat(names(home.resolve("natives"))).hasSize(2);
        assertThat(names(temporary)).isEmpty();
    }

    @Test
    void the_probe_sees_the_connection_that_the_library_itself_tries() throws Exception {
        assertThat(probe("library")).containsPattern("connections: [1-9]");
    }

    private String probe(String mode) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:-UsePerfData",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                StartupProbe.class.getName(),
                mode);
        builder.environment().put("PARLANCE_HOME", home.toString());
        if (mode.equals("library")) {
            builder.environment().put("ENGINE_CACHE_DIR", home.toString());
        }
        for (String name : List.of("OPT_OUT_TRACKING", "DJL_OFFLINE", "DJL_CACHE_DIR", "JAVA_TOOL_OPTIONS")) {
            builder.environment().remove(name);
        }
        Path output = home.resolve("output.txt");
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(90, TimeUnit.SECONDS);
        process.destroyForcibly();
        String text = Files.readString(output, StandardCharsets.UTF_8);
        assertThat(ended).as(text).isTrue();
        return text;
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
