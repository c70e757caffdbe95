package dev.parlance.cli;

import dev.parlance.config.CacheDirectory;

/**
 * Where native libraries are unpacked: once, under one directory that the user can move by {@code PARLANCE_HOME}. Must
 * run before the first class of an engine loads.
 */
final class Natives {
    private Natives() {}

    /** Told to JavaCPP by a property; the other engines ask {@link CacheDirectory} themselves. */
    static void configure() {
        String property = "org.bytedeco.javacpp.cachedir";
        if (System.getProperty(property) == null) {
            System.setProperty(
                    property,
                    CacheDirectory.path().resolve("natives").resolve("javacpp").toString());
        }
    }
}
