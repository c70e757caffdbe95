package dev.parlance.track;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.ConfigFiles;
import dev.parlance.config.Json;
import dev.parlance.config.UserError;
import dev.parlance.metric.Report;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A recorded run. Its state is of the moment when it was read; the other files are read when asked for.
 *
 * @param directory where it is recorded
 * @param info its state by its own word
 */
public record TrackedRun(Path directory, RunInfo info) {
    /** After so long without a sign of life a run counts as lost. */
    static final Duration SILENCE = Duration.ofMinutes(2);

    /** Curves of more than twice as many points are thinned out when they are read. */
    public static final int CURVE_POINTS = 1000;

    /**
     * Reads the state of the run in a directory.
     *
     * @throws UserError if there is none, or it cannot be understood
     */
    public static TrackedRun read(Path directory) {
        Path file = directory.resolve(RunFiles.INFO);
        return new TrackedRun(directory, RunInfo.fromJson(Json.readObject(file), file));
    }

    /** The name of the run: that of its directory. */
    public String id() {
        return String.valueOf(directory.toAbsolutePath().normalize().getFileName());
    }

    /** How the run stands; a run whose process is gone, or that has been silent for two minutes, is lost. */
    public RunStatus status() {
        return status(Instant.now());
    }

    RunStatus status(Instant now) {
        if (info.status() != RunStatus.RUNNING) {
            return info.status();
        }
        boolean silent = Duration.between(info.heartbeatAt(), now).compareTo(SILENCE) > 0;
        boolean here = info.host().equals(Machines.hostName());
        boolean gone = here && !Machines.isAlive(info.pid(), info.attemptStartedAt());
        return silent || gone ? RunStatus.LOST : RunStatus.RUNNING;
    }

    /** From its begin to its end, or to its last sign of life; breaks before it was resumed do not count. */
    public Duration duration() {
        return info.duration();
    }

    /** The settings by their dotted names; what is not set is {@code null} as a text. Empty if none were recorded. */
    public Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        Path file = directory.resolve(RunFiles.SETTINGS);
        if (Files.exists(file)) {
            flatten(ConfigFiles.readAny(file), "", settings);
        }
        return settings;
    }

    private static void flatten(JsonNode node, String prefix, Map<String, String> settings) {
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            if (entry.getValue().isObject()) {
                flatten(entry.getValue(), prefix + entry.getKey() + ".", settings);
            } else {
                settings.put(prefix + entry.getKey(), entry.getValue().asText());
            }
        }
    }

    /** The curves, each thinned out to less than twice {@link #CURVE_POINTS} points. */
    public Metrics metrics() {
        return Metrics.read(directory.resolve(RunFiles.METRICS), CURVE_POINTS);
    }

    /** The reports by split with their confusion matrices; empty before the first measurement. */
    public Map<String, Report> reports() {
        Map<String, Report> reports = new LinkedHashMap<>();
        Path file = directory.resolve(RunFiles.REPORT);
        if (Files.exists(file)) {
            for (Map.Entry<String, JsonNode> entry : Json.readObject(file).properties()) {
                if (entry.getValue() instanceof ObjectNode report) {
                    reports.put(entry.getKey(), Report.fromJson(report));
                }
            }
        }
        return reports;
    }

    /** Machine, versions, data and git state, if recorded. */
    public Optional<ObjectNode> environment() {
        Path file = directory.resolve(RunFiles.ENVIRONMENT);
        return Files.exists(file) ? Optional.of(Json.readObject(file)) : Optional.empty();
    }
}
