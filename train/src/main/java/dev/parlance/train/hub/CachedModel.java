package dev.parlance.train.hub;

import java.nio.file.Path;

/**
 * A model that is on this disk and resolves without a network.
 *
 * @param name what to write to use it: a built-in name, or {@code hf:owner/name@commit}
 * @param bytes of all its files
 */
public record CachedModel(String name, long bytes, Path path) {}
