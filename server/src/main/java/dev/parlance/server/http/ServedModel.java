package dev.parlance.server.http;

import dev.parlance.config.UserError;

/**
 * A version of a model to serve from the start.
 *
 * @param name what clients call it; letters, digits, {@code . _ - /}, at most 200
 * @param version letters, digits, {@code . _ -}, at most 64
 * @param path a directory, or the name of a built-in model
 */
public record ServedModel(String name, String version, String path) {
    public ServedModel {
        if (!name.matches("[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*") || name.length() > 200) {
            throw new UserError("models has the name '" + name
                    + "', expected at most 200 letters, digits or . _ - /; say name=directory");
        }
        if (!version.matches("[A-Za-z0-9._-]{1,64}")) {
            throw new UserError(
                    "models has the version '" + version + "', expected at most 64 letters, digits or . _ -");
        }
        if (path.isBlank()) {
            throw new UserError(
                    "models: " + name + " has no path, expected a directory or the name of a built-in model");
        }
    }

    /** What a model has if nothing is said. */
    static ServedModel template() {
        return new ServedModel("unnamed", "1", "unnamed");
    }
}
