package dev.parlance.config;

import java.nio.file.Path;
import java.util.Map;

/** Where downloads and native libraries are kept between runs. */
public final class CacheDirectory {
    private CacheDirectory() {}

    /** What the environment variable {@code PARLANCE_HOME} says, else {@code ~/.cache/parlance}; it need not exist yet. */
    public static Path path() {
        return path(System.getenv());
    }

    /** The same by the variables of another environment than that of this process. */
    public static Path path(Map<String, String> environment) {
        return path(environment, System.getProperty("user.home", "."));
    }

    static Path path(Map<String, String> environment, String userHome) {
        String home = environment.getOrDefault("PARLANCE_HOME", "");
        return home.isBlank()
                ? Path.of(userHome, ".cache", "parlance")
                : Path.of(home).toAbsolutePath();
    }
}
