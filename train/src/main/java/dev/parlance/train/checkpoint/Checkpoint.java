package dev.parlance.train.checkpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A saved state of a run.
 *
 * @param directory of its files
 * @param step steps that were done
 */
public record Checkpoint(Path directory, long step) implements Comparable<Checkpoint> {
    private static final Pattern NAME = Pattern.compile("checkpoint-(\\d{1,18})");

    static String name(long step) {
        return "checkpoint-" + step;
    }

    /** The directory as a checkpoint, if its name is that of one. */
    static Optional<Checkpoint> of(Path directory) {
        Matcher name = NAME.matcher(String.valueOf(directory.getFileName()));
        return name.matches() && Files.isDirectory(directory)
                ? Optional.of(new Checkpoint(directory, Long.parseLong(name.group(1))))
                : Optional.empty();
    }

    /** One of its files. */
    public Path file(String name) {
        return directory.resolve(name);
    }

    /** One of its files that holds a JSON object. */
    public ObjectNode json(String name) {
        return Json.readObject(file(name));
    }

    /** By step. */
    @Override
    public int compareTo(Checkpoint other) {
        return Long.compare(step, other.step);
    }
}
