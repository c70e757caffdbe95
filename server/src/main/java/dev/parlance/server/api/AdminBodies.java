package dev.parlance.server.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.parlance.server.engine.ModelSpec;
import dev.parlance.server.engine.Models;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Requests and replies of administration. */
final class AdminBodies {
    private AdminBodies() {}

    record LoadRequest(
            @JsonPropertyDescription("What clients call the model: letters, digits, . _ - /, at most 200 chars.")
            String name,

            @JsonPropertyDescription("Letters, digits, . _ -, at most 64 chars.")
            String version,

            @JsonPropertyDescription("The model's directory on the server.")
            String directory) {
        LoadRequest {
            match(name, "name", "[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*", 200, "letters, digits, . _ - /");
            match(version, "version", "[A-Za-z0-9._-]+", 64, "letters, digits, . _ -");
            BadField.required(directory, "directory", "the path of a directory");
        }

        ModelSpec spec() {
            try {
                return new ModelSpec(name, version, Path.of(directory));
            } catch (InvalidPathException e) {
                throw BadField.wrong("directory", "no path", "the path of a directory");
            }
        }

        private static void match(String value, String field, String pattern, int longest, String what) {
            String expected = what + ", at most " + longest + " chars";
            BadField.required(value, field, expected);
            if (value.length() > longest || !value.matches(pattern)) {
                throw BadField.wrong(field, "something else", expected);
            }
        }
    }

    /** Which versions answer for a model, in a request as in a reply. */
    record TrafficBody(
            @JsonPropertyDescription("The version that answers.")
            String defaultVersion,

            @JsonPropertyDescription("A version that gets a share of the requests instead.") @Nullable
            String canary,

            @JsonPropertyDescription("That share, 0 to 100.") @JsonProperty(defaultValue = "0") @Nullable
            Double canaryPercent,

            @JsonPropertyDescription("A version that gets a copy of each request, whose answers are only measured.")
            @Nullable
            String shadow) {
        TrafficBody {
            BadField.required(defaultVersion, "default_version", "a version");
            if (canaryPercent != null && !(canaryPercent >= 0 && canaryPercent <= 100)) {
                throw BadField.wrong("canary_percent", "a number out of range", "one from 0 to 100");
            }
        }

        static TrafficBody of(Models.Traffic traffic) {
            return new TrafficBody(
                    traffic.defaultVersion(), traffic.canary(), traffic.canaryPercent(), traffic.shadow());
        }

        Models.Traffic traffic() {
            return new Models.Traffic(defaultVersion, canary, canaryPercent == null ? 0 : canaryPercent, shadow);
        }
    }

    /** A version of a model, with what only an administrator may know. */
    record LoadedVersion(
            String name,
            String version,
            String task,
            String modelType,
            String precision,
            int maxLength,
            String directory,
            Instant loaded) {}

    record LoadedModel(String name, TrafficBody traffic, List<LoadedVersion> versions) {}

    record LoadedModels(List<LoadedModel> models) {}
}
