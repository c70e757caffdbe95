package dev.parlance.track;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.Json;
import dev.parlance.config.UserError;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * State and scores of a run: what {@code run.json} holds, written again whenever something changes.
 *
 * @param id name of the run's directory
 * @param status how it stands by its own word
 * @param startedAt when it began
 * @param heartbeatAt when it last gave a sign of life
 * @param finishedAt when it ended, or null
 * @param host name of the machine
 * @param pid number of the process on it
 * @param model what it started from, as the user named it
 * @param data the training file, as the user named it
 * @param outputDir where its model goes
 * @param step steps done
 * @param steps steps planned, 0 before that is known
 * @param best the best measurement on the validation data so far, or null
 * @param scores numbers by the name of the split; empty before the end
 * @param error why it failed, or null
 * @param trackingError why its recording is incomplete, or null
 * @param resumptions each time that it went on after a break, the first one first
 */
public record RunInfo(
        String id,
        RunStatus status,
        Instant startedAt,
        Instant heartbeatAt,
        @Nullable Instant finishedAt,
        String host,
        long pid,
        String model,
        String data,
        String outputDir,
        long step,
        long steps,
        @Nullable Best best,
        Map<String, Map<String, Double>> scores,
        @Nullable String error,
        @Nullable String trackingError,
        List<Resumption> resumptions) {
    public RunInfo {
        Map<String, Map<String, Double>> copy = new LinkedHashMap<>();
        scores.forEach((split, values) -> copy.put(split, Collections.unmodifiableMap(new LinkedHashMap<>(values))));
        scores = Collections.unmodifiableMap(copy);
        resumptions = List.copyOf(resumptions);
    }

    /**
     * The best measurement.
     *
     * @param metric the name by which it is the best
     * @param value its number
     * @param step after which step
     */
    public record Best(String metric, double value, long step) {}

    /**
     * How a run went on after a break.
     *
     * @param stoppedAt the end, or the last sign of life, of the process before
     * @param reachedStep steps that it had done, as far as it had told
     * @param resumedAt when the run went on
     * @param afterStep from the checkpoint of which step; what had come after it was done again
     */
    public record Resumption(Instant stoppedAt, long reachedStep, Instant resumedAt, long afterStep) {}

    /** When the process began that has the run now. */
    public Instant attemptStartedAt() {
        return resumptions.isEmpty()
                ? startedAt
                : resumptions.get(resumptions.size() - 1).resumedAt();
    }

    /** When the run ended, or gave its last sign of life. */
    public Instant lastSeenAt() {
        return finishedAt == null ? heartbeatAt : finishedAt;
    }

    /** From its begin to its end, or to its last sign of life, without the breaks. */
    public Duration duration() {
        Duration all = Duration.between(startedAt, lastSeenAt());
        for (Resumption resumption : resumptions) {
            all = all.minus(Duration.between(resumption.stoppedAt(), resumption.resumedAt()));
        }
        return all;
    }

    /** As {@code run.json} holds it. */
    public ObjectNode toJson() {
        ObjectNode json = Json.tree(this);
        json.put("status", status.toString());
        return json;
    }

    /**
     * Reads what {@link #toJson} wrote; keys that a later version has added are ignored.
     *
     * @param file named in errors
     * @throws UserError if a key is missing or cannot be understood
     */
    public static RunInfo fromJson(ObjectNode json, Object file) {
        try {
            return new RunInfo(
                    text(json, "id"),
                    status(text(json, "status")),
                    Instant.parse(text(json, "started_at")),
                    Instant.parse(text(json, "heartbeat_at")),
                    json.hasNonNull("finished_at") ? Instant.parse(text(json, "finished_at")) : null,
                    json.path("host").asText(""),
                    json.path("pid").asLong(),
                    json.path("model").asText(""),
                    json.path("data").asText(""),
                    json.path("output_dir").asText(""),
                    json.path("step").asLong(),
                    json.path("steps").asLong(),
                    best(json.path("best")),
                    scores(json.path("scores")),
                    json.path("error").textValue(),
                    json.path("tracking_error").textValue(),
                    resumptions(json.path("resumptions")));
        } catch (DateTimeException | IllegalArgumentException e) {
            throw new UserError(file + " is no record of a run: " + e.getMessage(), e);
        }
    }

    private static RunStatus status(String text) {
        return Arrays.stream(RunStatus.values())
                .filter(status -> status.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "its status is '" + text + "', expected one of " + Arrays.toString(RunStatus.values())));
    }

    private static @Nullable Best best(JsonNode json) {
        return json.isObject()
                ? new Best(
                        json.path("metric").asText(""),
                        json.path("value").asDouble(),
                        json.path("step").asLong())
                : null;
    }

    private static List<Resumption> resumptions(JsonNode json) {
        List<Resumption> resumptions = new ArrayList<>();
        for (JsonNode one : json) {
            resumptions.add(new Resumption(
                    Instant.parse(one.path("stopped_at").asText()),
                    one.path("reached_step").asLong(),
                    Instant.parse(one.path("resumed_at").asText()),
                    one.path("after_step").asLong()));
        }
        return resumptions;
    }

    private static Map<String, Map<String, Double>> scores(JsonNode json) {
        Map<String, Map<String, Double>> scores = new LinkedHashMap<>();
        json.properties().forEach(split -> {
            Map<String, Double> values = new LinkedHashMap<>();
            split.getValue().properties().forEach(score -> {
                if (score.getValue().isNumber()) {
                    values.put(score.getKey(), score.getValue().doubleValue());
                }
            });
            scores.put(split.getKey(), values);
        });
        return scores;
    }

    private static String text(ObjectNode json, String key) {
        JsonNode value = json.get(key);
        if (value == null || !value.isTextual()) {
            throw new IllegalArgumentException("it has no text under " + key);
        }
        return value.textValue();
    }
}
