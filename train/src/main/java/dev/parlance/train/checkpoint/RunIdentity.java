package dev.parlance.train.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.Json;
import dev.parlance.config.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All that decides the bits of a run's weights: only where it is the same does a checkpoint lead to the same end.
 *
 * @param format of the checkpoint's files
 * @param parlanceVersion version of this library
 * @param config the resolved settings
 * @param facts of data, base model, engine and threads, by what users call them
 */
public record RunIdentity(int format, String parlanceVersion, ObjectNode config, Map<String, String> facts) {
    /** The format that this version writes and reads. */
    public static final int FORMAT = 1;

    /** The fact that is told when it changes, but not refused: other processors may round other last bits. */
    public static final String PROCESSOR = "processor";

    /**
     * Settings that may change between a checkpoint and its continuation, as they change no weight, or as a fact says what
     * they come to (threads, precision).
     */
    private static final Set<String> HARMLESS = Set.of(
            "output_dir",
            "overwrite_output_dir",
            "training.save_strategy",
            "training.save_steps",
            "training.save_total_limit",
            "training.logging_strategy",
            "training.logging_steps",
            "training.max_time",
            "training.auto_batch_seconds",
            "training.gradient_checkpointing",
            "training.profile_steps",
            "training.profile_skip_steps",
            "training.profile_max_events",
            "training.threads",
            "training.precision");

    private static final int SHOWN = 8;

    public RunIdentity {
        facts = Map.copyOf(facts);
    }

    /**
     * Refuses to go on from a checkpoint of another run or version.
     *
     * @param saved what the checkpoint says
     * @param where names the checkpoint
     * @param anyway whether changed settings, data and versions are accepted
     * @return the differences that were accepted, each to be told
     * @throws UserError that shows what has changed
     */
    public List<String> check(RunIdentity saved, Object where, boolean anyway) {
        if (saved.format() != format) {
            throw new UserError(where + " was written by Parlance " + saved.parlanceVersion()
                    + " in another format than this version, " + parlanceVersion + ", reads; go on with Parlance "
                    + saved.parlanceVersion() + ", or start over with --overwrite");
        }
        if (!saved.parlanceVersion().equals(parlanceVersion) && !anyway) {
            throw new UserError(where + " was written by Parlance " + saved.parlanceVersion() + ", this is "
                    + parlanceVersion + "; go on with Parlance " + saved.parlanceVersion()
                    + ", start over with --overwrite, or accept other results with --resume-anyway");
        }
        List<String> differences = differences(saved);
        boolean same = differences.stream().allMatch(difference -> difference.startsWith(PROCESSOR + " "));
        if (!same && !anyway) {
            throw new UserError(where + " is of a run with other settings or data: " + shown(differences)
                    + "; run it as it was, start over with --overwrite, or accept other results with --resume-anyway");
        }
        return differences;
    }

    /** The version of this library. */
    public static String currentVersion() {
        String version = RunIdentity.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /** Reads what a checkpoint says, be it of a format that this version does not know otherwise. */
    public static RunIdentity read(ObjectNode json) {
        Map<String, String> facts = new TreeMap<>();
        json.path("facts")
                .properties()
                .forEach(fact -> facts.put(fact.getKey(), fact.getValue().asText()));
        return new RunIdentity(
                json.path("format").asInt(),
                json.path("parlance_version").asText("unknown"),
                json.path("config") instanceof ObjectNode config ? config : Json.object(),
                facts);
    }

    /** What has changed since {@code saved}, one thing each, such as {@code training.seed was 42, is 7}. */
    List<String> differences(RunIdentity saved) {
        Map<String, String> before = new TreeMap<>(saved.facts);
        Map<String, String> now = new TreeMap<>(facts);
        flatten(saved.config, "", before);
        flatten(config, "", now);
        Set<String> names = new TreeSet<>(before.keySet());
        names.addAll(now.keySet());
        names.removeIf(name -> HARMLESS.contains(name) || name.startsWith("tracking."));
        List<String> differences = new ArrayList<>();
        for (String name : names) {
            String was = before.getOrDefault(name, "not known");
            String is = now.getOrDefault(name, "not known");
            if (!Objects.equals(was, is)) {
                differences.add(name + " was " + brief(was) + ", is " + brief(is));
            }
        }
        return differences;
    }

    private static void flatten(JsonNode node, String prefix, Map<String, String> into) {
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            if (entry.getValue().isObject()) {
                flatten(entry.getValue(), prefix + entry.getKey() + ".", into);
            } else {
                into.put(prefix + entry.getKey(), entry.getValue().asText());
            }
        }
    }

    private static String shown(List<String> differences) {
        String all = String.join("; ", differences.subList(0, Math.min(SHOWN, differences.size())));
        return differences.size() <= SHOWN ? all : all + "; and " + (differences.size() - SHOWN) + " more";
    }

    /** Hashes are told apart by their beginning. */
    private static String brief(String value) {
        return value.replaceAll("\\b([0-9a-f]{12})[0-9a-f]{52}\\b", "$1...");
    }
}
