package dev.parlance.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlance.config.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RotatingFileTest {
    @TempDir
    Path directory;

    @Test
    void keeps_the_newest_lines_in_so_many_files_of_such_a_size() throws IOException {
        Path log = directory.resolve("access.log");
        try (RotatingFile file = new RotatingFile(log, 100, 3)) {
            for (int i = 0; i < 100; i++) {
                file.add("line %02d 45".formatted(i)); // 11 bytes with its end: nine to a file
            }
        }
        assertThat(Files.readAllLines(log)).containsExactly("line 99 45");
        assertThat(Files.readAllLines(directory.resolve("access.log.1")))
                .first()
                .isEqualTo("line 90 45");
        assertThat(Files.readAllLines(directory.resolve("access.log.2")))
                .first()
                .isEqualTo("line 81 45");
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).hasSize(3);
        }
    }

    @Test
    void goes_on_after_what_is_there() throws IOException {
        Path log = directory.resolve("access.log");
        Files.writeString(log, "old\n");
        try (RotatingFile file = new RotatingFile(log, 100, 1)) {
            file.add("new");
            file.flush();
            assertThat(Files.readAllLines(log)).containsExactly("old", "new");
            file.add("x".repeat(97));
        }
        assertThat(Files.readAllLines(log)).containsExactly("x".repeat(97));
    }

    @Test
    void a_directory_that_is_not_there_is_the_users_to_mend() {
        assertThatThrownBy(() -> new RotatingFile(directory.resolve("none/access.log"), 100, 1))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("--access-log");
    }
}
