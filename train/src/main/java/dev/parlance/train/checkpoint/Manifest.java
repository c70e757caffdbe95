package dev.parlance.train.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.Json;
import dev.parlance.config.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The list of a checkpoint's files with their sizes and SHA-256, written after all of them. A directory without it was not
 * finished; one that does not match it was changed. It holds the hash of its own list, so that it cannot change either.
 */
final class Manifest {
    /** Name of the file. */
    static final String FILE = "manifest.json";

    private Manifest() {}

    /** Lists the files that are there. */
    static void write(Path directory) throws IOException {
        ObjectNode files = Json.object();
        for (Path file : files(directory)) {
            files.putObject(String.valueOf(file.getFileName()))
                    .put("size", Files.size(file))
                    .put("sha256", Sha256.of(file));
        }
        ObjectNode manifest = Json.object();
        manifest.put("sha256", Sha256.of(Json.line(files)));
        manifest.set("files", files);
        Files.writeString(directory.resolve(FILE), Json.pretty(manifest));
    }

    /** What is wrong with a checkpoint, in words that follow its name; empty if nothing is. */
    static Optional<String> defect(Path directory) {
        try {
            JsonNode manifest = Json.readObject(directory.resolve(FILE));
            if (!(manifest.get("files") instanceof ObjectNode files)
                    || !manifest.path("sha256").asText().equals(Sha256.of(Json.line(files)))) {
                return Optional.of(FILE + " was changed after it was written");
            }
            for (Map.Entry<String, JsonNode> entry : files.properties()) {
                Optional<String> defect = defect(directory.resolve(entry.getKey()), entry.getValue());
                if (defect.isPresent()) {
                    return defect;
                }
            }
            return Optional.empty();
        } catch (UserError e) {
            return Optional.of(FILE + " is missing or damaged");
        } catch (IOException e) {
            return Optional.of("it cannot be read (" + e.getMessage() + ")");
        }
    }

    private static Optional<String> defect(Path file, JsonNode expected) throws IOException {
        Path name = file.getFileName();
        if (!Files.isRegularFile(file)) {
            return Optional.of(name + " is missing");
        }
        long size = Files.size(file);
        if (size != expected.path("size").asLong()) {
            return Optional.of(name + " has " + size + " bytes, not the "
                    + expected.path("size").asLong() + " that were written");
        }
        return Sha256.of(file).equals(expected.path("sha256").asText())
                ? Optional.empty()
                : Optional.of(name + " was changed after it was written");
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
