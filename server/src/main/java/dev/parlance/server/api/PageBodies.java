package dev.parlance.server.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.parlance.server.api.AdminBodies.TrafficBody;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the web page asks for. */
final class PageBodies {
    private PageBodies() {}

    record ModelsReply(
            @JsonPropertyDescription("The model that answers when a client names none; null if there is none.")
            @JsonProperty("default")
            @Nullable
            String defaultModel,

            List<ServedModel> models) {}

    /** A model, as its default version is. */
    record ServedModel(
            String name,

            @JsonPropertyDescription("text-classification or feature-extraction.")
            String task,

            @JsonPropertyDescription("Empty for an encoder.")
            List<String> labels,

            @JsonPropertyDescription("Length of embeddings; 0 for a classifier.")
            int dimensions,

            @JsonPropertyDescription("Longest text in tokens, special tokens included.")
            int maxLength,

            TrafficBody traffic,
            List<ServedVersion> versions,

            @JsonPropertyDescription("Markdown source of the model's README.md, without the YAML before it.") @Nullable
            String card) {}

    record ServedVersion(
            String version,
            String task,
            List<String> labels,
            int dimensions,
            int maxLength,
            String modelType,
            String precision,
            Instant loaded) {}

    record StatsReply(
            double uptimeSeconds,
            boolean ready,

            @JsonPropertyDescription("Requests that the engine was asked, refused ones included.")
            long requestsTotal,

            @JsonPropertyDescription("Refused requests by reason.")
            Map<String, Long> refusedTotal,

            @JsonPropertyDescription("Requests that wait for their answer.")
            int inFlight,

            List<VersionStats> models,
            StatsLimits limits) {}

    /** Numbers of a version; those that end in total only grow. */
    record VersionStats(
            String name,
            String version,
            long requestsTotal,
            long inputsTotal,
            long tokensTotal,

            @JsonPropertyDescription("Tokens of padding that were computed for nothing.")
            long paddingTotal,

            long batchesTotal,
            double batchSecondsTotal,
            int queueInputs,
            long queueTokens,

            @JsonPropertyDescription("From a request's arrival to its answer.")
            Quantiles latencySeconds) {}

    /** Of the last half minute or so; 0 if there was nothing. */
    record Quantiles(double p50, double p90, double p99, double max) {}

    record StatsLimits(int maxBatchTokens, int maxConcurrentRequests, int maxClientBatchSize) {}
}
