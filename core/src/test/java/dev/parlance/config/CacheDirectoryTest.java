package dev.parlance.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CacheDirectoryTest {
    @Test
    void is_where_the_environment_says_and_else_in_the_home_directory() {
        assertThat(CacheDirectory.path(Map.of("PARLANCE_HOME", "/data/parlance"), "/home/ada"))
                .isEqualTo(Path.of("/data/parlance").toAbsolutePath());
        assertThat(CacheDirectory.path(Map.of(), "/home/ada")).isEqualTo(Path.of("/home/ada/.cache/parlance"));
        assertThat(CacheDirectory.path(Map.of("PARLANCE_HOME", " "), "/home/ada"))
                .isEqualTo(Path.of("/home/ada/.cache/parlance"));
    }
}
