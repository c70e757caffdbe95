package dev.parlance.train.auto;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.bundle.ModelBundle;
import dev.parlance.config.ConfigFiles;
import dev.parlance.config.Json;
import dev.parlance.config.RunConfig;
import dev.parlance.data.Splits;
import dev.parlance.metric.ClassificationMetrics;
import dev.parlance.metric.Report;
import dev.parlance.task.TextClassification;
import dev.parlance.train.checkpoint.Resume;
import dev.parlance.train.hub.ModelStore;
import dev.parlance.train.loop.FineTuning;
import dev.parlance.train.loop.LabelProbabilities;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Trains candidates, or takes those that an earlier call has finished. */
final class Trials {
    private static final String SECONDS = "seconds";

    private final Splits splits;
    private final ModelStore store;
    private final AutoDirectory directory;
    private final AutoListener listener;
    private final BooleanSupplier stopRequested;
    private final TextClassification task;

    Trials(
            Splits splits,
            ModelStore store,
            AutoDirectory directory,
            AutoListener listener,
            BooleanSupplier stopRequested) {
        this.splits = splits;
        this.store = store;
        this.directory = directory;
        this.listener = listener;
        this.stopRequested = stopRequested;
        this.task = new TextClassification(splits.labels());
    }

    /**
     * A finished candidate.
     *
     * @param before whether an earlier call has finished it
     */
    record Trained(Candidate candidate, boolean before) {}

    /** Why a candidate is trained that an earlier call has finished, or broken off with a checkpoint to go on from. */
    Optional<String> begun(String name) {
        return directory
                .note(name)
                .filter(note -> isFinished(note) || directory.unfinished(name).isPresent())
                .map(note -> note.path("why").asText());
    }

    /**
     * Trains a candidate and asks the saved model for its answers on the validation data, as {@code predict} would.
     *
     * @param why a sentence
     * @param settings its settings
     * @param chosen names of those that were chosen for it
     * @return nothing if a stop was requested
     */
    Optional<Trained> train(String name, String why, RunConfig settings, List<String> chosen) {
        Optional<ObjectNode> before = directory.note(name).filter(Trials::isFinished);
        if (before.isPresent()) {
            return Optional.of(new Trained(told(candidate(name, before.get()), true), true));
        }
        listener.onCandidateBegin(name);
        long start = System.nanoTime();
        ObjectNode note = Json.object().put("why", why);
        directory.write(name, note);
        Optional<RunConfig> unfinished = directory.unfinished(name);
        RunConfig placed = unfinished.orElseGet(() ->
                settings.with("output_dir", directory.model(name).toString()).with("overwrite_output_dir", true));
        Resume resume = unfinished.isPresent() ? Resume.LATEST : Resume.NO;
        RunConfig resolved = FineTuning.runCandidate(placed, splits, store, listener.training(), stopRequested, resume)
                .config();
        if (stopRequested.getAsBoolean()) {
            return Optional.empty();
        }
        ObjectNode values = note.putObject("settings");
        chosen.forEach(path -> values.put(path, value(resolved, path)));
        Candidate candidate = candidate(name, note).took((System.nanoTime() - start) / 1e9);
        directory.write(name, note.put(SECONDS, candidate.seconds()));
        return Optional.of(new Trained(told(candidate, false), false));
    }

    private static boolean isFinished(ObjectNode note) {
        return note.has(SECONDS);
    }

    private Candidate told(Candidate candidate, boolean before) {
        listener.onCandidateEnd(candidate, before);
        return candidate;
    }

    private Candidate candidate(String name, ObjectNode note) {
        Map<String, String> settings = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> setting : note.path("settings").properties()) {
            settings.put(setting.getKey(), setting.getValue().asText());
        }
        ModelBundle bundle = ModelBundle.open(directory.model(name));
        double[][] probabilities =
                LabelProbabilities.of(bundle.directory(), splits.validation().examples(), task.labels());
        int[] gold =
                splits.validation().examples().stream().mapToInt(task::target).toArray();
        Report report = ClassificationMetrics.report(task.labels(), gold, probabilities);
        return new Candidate(
                name,
                bundle,
                settings,
                report,
                probabilities,
                note.path(SECONDS).asDouble());
    }

    private static String value(RunConfig config, String path) {
        JsonNode node = ConfigFiles.toTree(config).at("/" + path.replace('.', '/'));
        return node.isDouble()
                ? new BigDecimal(node.asText()).stripTrailingZeros().toPlainString()
                : node.asText();
    }
}
