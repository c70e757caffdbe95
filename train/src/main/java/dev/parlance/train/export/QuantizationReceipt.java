package dev.parlance.train.export;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.bundle.Provenance;
import dev.parlance.config.Json;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a graph was made to compute in 8 bits, and what that costs and brings. Saved as {@code quantization.json}.
 *
 * @param method {@code dynamic} or {@code static}
 * @param weights how weights are rounded, in words
 * @param layers what each group of layers computes in
 * @param calibration what static ranges and sensitivities were taken from
 * @param data what the scores are of
 * @param before of the graph in 32 bits
 * @param after of the graph in 8 bits
 * @param scoreDrop what the score lost; negative if it gained
 * @param maxScoreDrop what it was allowed to lose
 * @param sizeRatio bytes before by bytes after
 * @param throughputRatio texts a second after by before
 * @param machine what it was measured on
 * @param onnxRuntime version
 * @param parlance version
 */
public record QuantizationReceipt(
        String method,
        String weights,
        List<Layers> layers,
        Rows calibration,
        Rows data,
        Side before,
        Side after,
        double scoreDrop,
        double maxScoreDrop,
        double sizeRatio,
        double throughputRatio,
        Provenance.Machine machine,
        String onnxRuntime,
        String parlance) {
    public QuantizationReceipt {
        layers = List.copyOf(layers);
    }

    /**
     * Layers that are rounded together.
     *
     * @param name their common path
     * @param precision {@code int8} or {@code fp32}
     * @param error of the outputs, relative to their size, if these layers alone are in 8 bits; null if not measured
     */
    public record Layers(
            String name, String precision, @Nullable Double error) {}

    /**
     * Texts.
     *
     * @param from where they come from
     * @param rows how many
     * @param range which part of the values a static range covers; null where there is none
     */
    public record Rows(String from, int rows, @Nullable String range) {}

    /**
     * One of the two graphs.
     *
     * @param bytes size of the file
     * @param scores by name; {@code accuracy} of a classifier, {@code cosine} of an encoder to the one in 32 bits
     * @param latencyMillis median time of a batch by its shape, such as {@code 1x16}
     * @param textsPerSecond 32 texts of 64 tokens at a time
     */
    public record Side(
            long bytes, Map<String, Double> scores, Map<String, Double> latencyMillis, double textsPerSecond) {
        public Side {
            scores = Collections.unmodifiableMap(new LinkedHashMap<>(scores));
            latencyMillis = Collections.unmodifiableMap(new LinkedHashMap<>(latencyMillis));
        }

        /** The score that decides. */
        public double score() {
            return scores.values().iterator().next();
        }
    }

    /** As {@code quantization.json} holds it. */
    public ObjectNode toJson() {
        return Json.tree(this);
    }
}
