package dev.parlance.server.http;

import java.util.Locale;

/**
 * A setting by all its names.
 *
 * @param path dotted name in the file, for example {@code limits.payload_limit}
 * @param environment name of its environment variable
 * @param label what the help calls the value; empty for a switch
 * @param description one sentence without the default
 */
public record ServerSetting(String path, String environment, String label, String description) {
    /** A setting that text-embeddings-inference has too: its variable has no prefix. */
    static ServerSetting known(String path, String label, String description) {
        return new ServerSetting(path, variable(path), label, description);
    }

    static ServerSetting own(String path, String label, String description) {
        return new ServerSetting(path, "PARLANCE_" + variable(path), label, description);
    }

    /** Its option on the command line. */
    public String flag() {
        return "--" + name(path).replace('_', '-');
    }

    private static String variable(String path) {
        return name(path).toUpperCase(Locale.ROOT);
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }
}
