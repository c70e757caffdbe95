package dev.parlance.config;

import java.nio.file.Path;
import java.util.Map;

/** Where downloads and native libraries are kept between runs. */
public final class CacheDirectory {
    private CacheDirectory() {}

    /**
     * The directory in the environment variable {@code PARLANCE_HOME}, else {@code parlance} in {@code XDG_CACHE_HOME},
     * else {@code ~/.cache/parlance}. It need not exist yet.
     */
    public static Path path() {
        return path(System.getenv(), System.getProperty("user.home", "."));
    }

    static Path path(Map<String, String> environment, String userHome) {
        String own = environment.getOrDefault("PARLANCE_HOME", "");
        String shared = environment.getOrDefault("XDG_CACHE_HOME", "");
        if (!own.isBlank()) {
            return Path.of(own).toAbsolutePath();
        }
        return shared.isBlank() ? Path.of(userHome, ".cache", "parlance") : Path.of(shared, "parlance");
    }
}
