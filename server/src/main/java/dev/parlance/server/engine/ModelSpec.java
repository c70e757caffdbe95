package dev.parlance.server.engine;

import dev.parlance.config.UserError;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * A version of a model to serve.
 *
 * @param name what clients call it; letters, digits, {@code . _ - /}, at most 200 chars
 * @param version letters, digits, {@code . _ -}, at most 64 chars
 * @param directory a bundle, or the directory of a sentence encoder
 */
public record ModelSpec(String name, String version, Path directory) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*");
    private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final int MAX_NAME = 200;

    public ModelSpec {
        if (name.length() > MAX_NAME || !NAME.matcher(name).matches()) {
            throw new UserError("a model has the name '" + shortened(name) + "', expected 1 to " + MAX_NAME
                    + " letters, digits or . _ - with single slashes between them");
        }
        if (!VERSION.matcher(version).matches()) {
            throw new UserError("the model " + name + " has the version '" + shortened(version)
                    + "', expected 1 to 64 letters, digits or . _ -");
        }
    }

    private static String shortened(String text) {
        return text.length() <= MAX_NAME ? text : text.substring(0, MAX_NAME) + "...";
    }
}
