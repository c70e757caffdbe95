package dev.parlance.bundle;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.RunConfig;
import dev.parlance.metric.Report;
import dev.parlance.task.Task;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a finished run puts into its bundle, besides the weights and the ONNX graph.
 *
 * @param baseConfig config.json of the pretrained model; not changed
 * @param task with the labels in the order of the model's outputs
 * @param tokenizerDirectory where the base model's tokenizer files are
 * @param reports by split: {@code test}, {@code validation}; at least one
 * @param run the resolved settings
 * @param provenance where the model comes from
 */
public record BundleContents(
        ObjectNode baseConfig,
        Task task,
        Path tokenizerDirectory,
        Map<String, Report> reports,
        RunConfig run,
        Provenance provenance) {
    public BundleContents {
        reports = Collections.unmodifiableMap(new LinkedHashMap<>(reports));
        if (reports.isEmpty()) {
            throw new IllegalArgumentException("a bundle needs a report of its test or validation data");
        }
    }
}
