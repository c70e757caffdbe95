package dev.parlance.cli;

import java.nio.file.Path;

/**
 * Where native libraries are unpacked: once, under one directory that the user can move by {@code PARLANCE_HOME}. Must
 * run before the first class of an engine loads.
 */
final class Natives {
    private Natives() {}

    static void configure() {
        Path natives = home().resolve("natives");
        preset("org.bytedeco.javacpp.cachedir", natives.resolve("javacpp"));
        preset("ENGINE_CACHE_DIR", natives.resolve("tokenizers"));
    }

    /** {@code PARLANCE_HOME}, or {@code ~/.cache/parlance}. */
    static Path home() {
        String home = System.getenv("PARLANCE_HOME");
        return home == null || home.isBlank()
                ? Path.of(System.getProperty("user.home"), ".cache", "parlance")
                : Path.of(home).toAbsolutePath();
    }

    private static void preset(String property, Path value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value.toString());
        }
    }
}
