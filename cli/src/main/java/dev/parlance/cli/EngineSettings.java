package dev.parlance.cli;

import dev.parlance.predict.OnnxOptions;
import dev.parlance.server.engine.EngineOptions;
import dev.parlance.server.http.BatchingOptions;
import dev.parlance.server.http.ServerOptions;

/** The bounds of an engine, by the settings of the server around it. */
final class EngineSettings {
    private EngineSettings() {}

    static EngineOptions of(ServerOptions options) {
        BatchingOptions batching = options.batching();
        return new EngineOptions(
                batching.maxBatchTokens(),
                batching.maxBatchRequests(),
                batching.maxQueueDelay().duration(),
                options.limits().maxConcurrentRequests(),
                batching.maxQueueTokens(),
                batching.maxClientBatchSize(),
                batching.maxInputChars(),
                batching.autoTruncate(),
                options.limits().requestTimeout().duration(),
                batching.tokenizationWorkers(),
                batching.inferenceWorkers(),
                new OnnxOptions(batching.threadsPerBatch(), false),
                batching.cacheEntries(),
                batching.collapse(),
                batching.maxShadowInputs());
    }
}
