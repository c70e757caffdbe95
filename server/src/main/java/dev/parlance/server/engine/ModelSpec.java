package dev.parlance.server.engine;

import java.nio.file.Path;

/**
 * A version of a model to serve.
 *
 * @param name what clients call it; letters, digits, {@code . _ - /}, at most 200 chars
 * @param version letters, digits, {@code . _ -}, at most 64 chars
 * @param directory a bundle, or the directory of a sentence encoder
 */
public record ModelSpec(String name, String version, Path directory) {}
