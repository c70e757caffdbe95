package dev.parlance.train.search;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.Json;
import dev.parlance.config.UserError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The file of a search's trials: a line when one begins and a line when it ends, each forced to disk. A line that was torn by
 * a crash is cut off when the file is opened again.
 */
final class TrialLog {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final Map<Integer, Trial> trials = new TreeMap<>();

    private TrialLog(Path file) {
        this.file = file;
    }

    /** Opens the file, which need not exist. */
    static TrialLog open(Path file) {
        TrialLog log = new TrialLog(file);
        try {
            if (Files.exists(file)) {
                log.read();
            }
        } catch (IOException e) {
            throw new UserError(file + " cannot be read: " + e, e);
        }
        return log;
    }

    private void read() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        if (end < bytes.length) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(end).force(true);
            }
        }
        int number = 0;
        for (String line :
                new String(bytes, 0, end, StandardCharsets.UTF_8).lines().toList()) {
            number++;
            Trial trial = parse(line, number);
            trials.put(trial.number(), trial);
        }
    }

    private Trial parse(String line, int number) {
        try {
            JsonNode tree = JSON.readTree(line);
            if (tree instanceof ObjectNode object) {
                return Json.value(object, Trial.class);
            }
            throw new UserError(file + " line " + number + " is no JSON object, expected a trial");
        } catch (JsonProcessingException e) {
            throw new UserError(file + " line " + number + " is no valid JSON, expected a trial", e);
        }
    }

    /** The last state of each trial, by number. */
    List<Trial> trials() {
        return List.copyOf(trials.values());
    }

    /** Writes the state of a trial. */
    void append(Trial trial) {
        trials.put(trial.number(), trial);
        ByteBuffer line = ByteBuffer.wrap((Json.line(trial) + "\n").getBytes(StandardCharsets.UTF_8));
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            while (line.hasRemaining()) {
                channel.write(line);
            }
            channel.force(true);
        } catch (IOException e) {
            throw new UserError(file + " cannot be written: " + e, e);
        }
    }
}
