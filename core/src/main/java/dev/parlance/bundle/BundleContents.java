package dev.parlance.bundle;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.Json;
import dev.parlance.config.RunConfig;
import dev.parlance.linear.WeightedFeature;
import dev.parlance.metric.Report;
import dev.parlance.task.Task;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a finished run puts into its bundle, besides the weights and the ONNX graph.
 *
 * @param baseConfig config.json of the pretrained model; not changed
 * @param task with the labels in the order of the model's outputs
 * @param inputs the tokenizer or vocabulary
 * @param reports by split: {@code test}, {@code validation}; at least one
 * @param run the resolved settings
 * @param provenance where the model comes from
 * @param topFeatures for each label what speaks for it most; empty if the model cannot tell
 * @param selection how it was chosen among several; null if there was only this one
 */
public record BundleContents(
        ObjectNode baseConfig,
        Task task,
        InputFiles inputs,
        Map<String, Report> reports,
        RunConfig run,
        Provenance provenance,
        Map<String, List<WeightedFeature>> topFeatures,
        @Nullable Selection selection) {
    public BundleContents {
        topFeatures = Collections.unmodifiableMap(new LinkedHashMap<>(topFeatures));
        reports = Collections.unmodifiableMap(new LinkedHashMap<>(reports));
        if (reports.isEmpty()) {
            throw new IllegalArgumentException("a bundle needs a report of its test or validation data");
        }
    }

    /** What a fine-tuned encoder puts into its bundle; the tokenizer is that in the base model's directory. */
    public BundleContents(
            ObjectNode baseConfig,
            Task task,
            Path tokenizerDirectory,
            Map<String, Report> reports,
            RunConfig run,
            Provenance provenance) {
        this(baseConfig, task, InputFiles.tokenizer(tokenizerDirectory), reports, run, provenance, Map.of(), null);
    }

    /** What a finished model holds, to be written once more with other reports and how it was chosen. */
    public static BundleContents of(
            ModelBundle model, Map<String, Report> reports, RunConfig run, Provenance provenance, Selection selection) {
        InputFiles inputs =
                model.isLinear() ? InputFiles.vocabulary(model.directory()) : InputFiles.tokenizer(model.directory());
        return new BundleContents(
                model.config(), model.task(), inputs, reports, run, provenance, model.topFeatures(), selection);
    }

    /**
     * What an ensemble holds besides its members.
     *
     * @param members names of the members' directories, and the share of each in the answer; the shares add up to 1
     */
    public static BundleContents ofEnsemble(
            Map<String, Double> members,
            Task task,
            Map<String, Report> reports,
            RunConfig run,
            Provenance provenance,
            Selection selection) {
        ObjectNode config = Json.object().put("model_type", ModelBundle.ENSEMBLE_TYPE);
        ArrayNode list = config.putArray("members");
        members.forEach((name, weight) -> list.addObject().put("name", name).put("weight", weight));
        return new BundleContents(config, task, InputFiles.NONE, reports, run, provenance, Map.of(), selection);
    }

    boolean isLinear() {
        return baseConfig.path("model_type").asText().equals(ModelBundle.LINEAR_TYPE);
    }

    boolean isEnsemble() {
        return baseConfig.path("model_type").asText().equals(ModelBundle.ENSEMBLE_TYPE);
    }
}
