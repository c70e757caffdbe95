package dev.parlance.train.track;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.Json;
import dev.parlance.config.UserError;
import dev.parlance.metric.Report;
import dev.parlance.track.RunFiles;
import dev.parlance.track.RunInfo;
import dev.parlance.track.RunStatus;
import dev.parlance.track.TrackedRun;
import dev.parlance.train.weights.AtomicFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A run that was recorded and goes on from a checkpoint. What was recorded after the checkpoint is of a past that is given up.
 *
 * @param directory where it was recorded
 * @param step of the checkpoint
 * @param measured whether the model was measured at that step before the checkpoint was written
 * @param best the best measurement at the checkpoint, or null
 * @param report of that measurement, or null
 */
public record Continuation(
        Path directory,
        long step,
        boolean measured,
        RunInfo.@Nullable Best best,
        @Nullable Report report) {
    /**
     * Why the run cannot be recorded where it was.
     *
     * @param runs where runs are recorded now
     */
    Optional<String> obstacle(Path runs) {
        if (!Files.isRegularFile(directory.resolve(RunFiles.INFO))) {
            return Optional.of("its record in " + directory + " is gone");
        }
        try {
            Path parent = directory.getParent();
            if (parent == null || !Files.isDirectory(runs) || !Files.isSameFile(parent, runs)) {
                return Optional.of("it was recorded in " + directory + ", not in " + runs);
            }
            RunStatus status = TrackedRun.read(directory).status();
            return status == RunStatus.RUNNING || status == RunStatus.FINISHED
                    ? Optional.of("its record in " + directory + " says that it is " + status)
                    : Optional.empty();
        } catch (IOException | UserError e) {
            return Optional.of("its record cannot be read: " + e.getMessage());
        }
    }

    /**
     * Brings the files of the record to where the checkpoint has the run. Those of TensorBoard stay; it is told otherwise.
     *
     * @param recorded the best measurement that the record knows of
     */
    void cutBack(RunInfo.@Nullable Best recorded) throws IOException {
        JsonLinesFile.cut(directory.resolve(RunFiles.METRICS), this::givesUp);
        Files.deleteIfExists(directory.resolve(RunFiles.CARD)); // of what was saved when the run stopped
        if (!Objects.equals(recorded, best)) {
            Files.deleteIfExists(directory.resolve(RunFiles.WRONG_PREDICTIONS)); // of a measurement that is given up
        }
        Path file = directory.resolve(RunFiles.REPORT);
        if (report == null) {
            Files.deleteIfExists(file);
            return;
        }
        ObjectNode reports = Json.object();
        reports.set("validation", report.toJson());
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(Json.pretty(reports));
        AtomicFiles.write(file, channel -> {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        });
    }

    /** Whether a line of {@code metrics.jsonl} was written after the checkpoint. */
    boolean givesUp(ObjectNode line) {
        long at = line.path("step").asLong();
        boolean measurement = line.has("eval_loss");
        boolean end = line.has("train_runtime");
        return at > step || (at == step && (end || (measurement && !measured)));
    }
}
