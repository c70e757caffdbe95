package dev.parlance.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonTest {
    record Run(Instant startedAt, List<Integer> seedsUsed) {}

    private static final Run RUN = new Run(Instant.parse("2026-05-04T10:00:00Z"), List.of(1, 2));

    @TempDir
    Path directory;

    @Test
    void indents_by_two_and_ends_with_a_line_feed() {
        assertThat(Json.pretty(RUN))
                .isEqualTo("{\n  \"started_at\": \"2026-05-04T10:00:00Z\",\n  \"seeds_used\": [ 1, 2 ]\n}\n");
    }

    @Test
    void line_has_no_line_feed() {
        assertThat(Json.line(RUN)).isEqualTo("{\"started_at\":\"2026-05-04T10:00:00Z\",\"seeds_used\":[1,2]}");
    }

    @Test
    void yaml_has_the_same_keys() {
        assertThat(Json.yaml(RUN)).isEqualTo("started_at: \"2026-05-04T10:00:00Z\"\nseeds_used:\n- 1\n- 2\n");
    }

    @Test
    void run_file_is_read_back_to_the_same_settings() throws IOException {
        RunConfig config = RunConfig.defaults()
                .with("data.train", "c:\\no: yes #1.csv")
                .with("data.delimiter", "\t")
                .with("training.learning_rate", 3e-5);
        Path file = directory.resolve("run.yaml");
        Files.writeString(file, ConfigFiles.toYaml(config));
        assertThat(ConfigFiles.read(file)).isEqualTo(config);
    }

    @Test
    void refuses_what_is_no_object() throws IOException {
        assertThatThrownBy(() -> Json.readObject(file("[1]")))
                .isInstanceOf(UserError.class)
                .hasMessageEndingWith("a.json holds no JSON object, expected one that begins with {");
        assertThatThrownBy(() -> Json.readObject(file("")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("holds no JSON object");
        assertThatThrownBy(() -> Json.readObject(file("{\"a\": 1} x")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("is no valid JSON: ");
        assertThatThrownBy(() -> Json.readObject(directory.resolve("b.json")))
                .isInstanceOf(UserError.class)
                .hasMessageEndingWith("b.json is missing, expected a JSON file");
    }

    @Test
    void refuses_what_is_no_utf8() throws IOException {
        Path file = Files.write(directory.resolve("a.json"), new byte[] {'{', (byte) 0xFF, '}'});
        assertThatThrownBy(() -> Json.readObject(file))
                .isInstanceOf(UserError.class)
                .hasMessageEndingWith("a.json is not UTF-8, expected a JSON file");
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("a.json"), text);
    }
}
