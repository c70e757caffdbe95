package dev.parlance.server.http;

/**
 * How requests become batches. Each model has these bounds for itself.
 *
 * @param maxBatchTokens tokens of a batch, padding included
 * @param maxBatchRequests texts of a batch; 0 is no limit
 * @param maxClientBatchSize texts of a request; more get 413
 * @param maxQueueDelay how long an idle worker waits for texts that are being tokenized
 * @param maxQueueTokens tokens that wait for a model; more get 429
 * @param maxInputChars chars of a text, both texts of a pair together; more get 413
 * @param autoTruncate whether a text longer than the model can take is cut rather than refused
 * @param tokenizationWorkers threads that tokenize; 0 is one for each processor
 * @param inferenceWorkers batches that run at a time; 0 is one for each processor that the threads of a batch leave
 * @param threadsPerBatch threads that share a batch; 0 is one for each processor
 * @param cacheEntries answers of each model that are kept for texts that come again; 0 is none
 * @param collapse whether equal texts that are being answered at the same time are run once
 * @param maxShadowInputs texts that wait for a shadow version; more are not copied to it
 */
public record BatchingOptions(
        int maxBatchTokens,
        int maxBatchRequests,
        int maxClientBatchSize,
        TimeSpan maxQueueDelay,
        long maxQueueTokens,
        int maxInputChars,
        boolean autoTruncate,
        int tokenizationWorkers,
        int inferenceWorkers,
        int threadsPerBatch,
        int cacheEntries,
        boolean collapse,
        int maxShadowInputs) {
    public BatchingOptions {
        Ranges.check("batching.max_batch_tokens", maxBatchTokens, 1, 1 << 24);
        Ranges.check("batching.max_batch_requests", maxBatchRequests, 0, 1 << 20);
        Ranges.check("batching.max_client_batch_size", maxClientBatchSize, 1, 1 << 20);
        Ranges.check("batching.max_queue_delay in ms", maxQueueDelay.millis(), 0, 10_000);
        Ranges.check("batching.max_queue_tokens", maxQueueTokens, 1, 1L << 40);
        Ranges.check("batching.max_input_chars", maxInputChars, 1, 1 << 30);
        Ranges.check("batching.tokenization_workers", tokenizationWorkers, 0, 1024);
        Ranges.check("batching.inference_workers", inferenceWorkers, 0, 1024);
        Ranges.check("batching.threads_per_batch", threadsPerBatch, 0, 1024);
        Ranges.check("batching.cache_entries", cacheEntries, 0, 100_000_000);
        Ranges.check("batching.max_shadow_inputs", maxShadowInputs, 0, 1_000_000);
    }

    static BatchingOptions defaults() {
        return new BatchingOptions(16_384, 0, 32, new TimeSpan(0), 262_144, 1_000_000, false, 0, 0, 1, 0, true, 256);
    }
}
