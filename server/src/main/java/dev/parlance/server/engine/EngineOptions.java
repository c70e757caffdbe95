package dev.parlance.server.engine;

import dev.parlance.config.UserError;
import dev.parlance.predict.OnnxOptions;
import java.time.Duration;

/**
 * Bounds and threads of an engine. Each model has the bounds for itself, so that a flood for one leaves room for others.
 *
 * @param maxBatchTokens most tokens of a batch, padding included; a longer single input runs alone. A batch does not grow to
 *     it if that saves no time
 * @param maxBatchInputs most inputs of a batch; 0 is no limit
 * @param maxQueueDelay how long an idle worker waits for inputs that are being tokenized before it runs what there is; it
 *     never waits if there are none
 * @param maxConcurrentRequests most requests of a model at a time, those that wait included; more are refused
 * @param maxQueueTokens most tokens that wait for a model; more are refused
 * @param maxClientBatchSize most inputs of a request
 * @param maxInputChars most chars of an input, both texts of a pair together
 * @param autoTruncate whether a text that is too long is cut where a request does not say
 * @param requestTimeout how long a request may take; it may ask for less, not for more
 * @param tokenizationThreads threads that tokenize; 0 is one for each processor
 * @param inferenceWorkers batches that run at a time; 0 is one for each processor that the threads of a batch leave
 * @param onnx the threads of a batch, and whether they spin
 * @param cacheEntries answers of each version that are kept for inputs that come again; 0 is none
 * @param collapse whether equal inputs that are being answered at the same time are run once
 * @param maxShadowInputs most inputs that wait for a shadow version; more are not copied to it
 */
public record EngineOptions(
        int maxBatchTokens,
        int maxBatchInputs,
        Duration maxQueueDelay,
        int maxConcurrentRequests,
        long maxQueueTokens,
        int maxClientBatchSize,
        int maxInputChars,
        boolean autoTruncate,
        Duration requestTimeout,
        int tokenizationThreads,
        int inferenceWorkers,
        OnnxOptions onnx,
        int cacheEntries,
        boolean collapse,
        int maxShadowInputs) {
    private static final int MAX_THREADS = 1024;

    public EngineOptions {
        range("maxBatchTokens", maxBatchTokens, 1, 1 << 24);
        range("maxBatchInputs", maxBatchInputs, 0, 1 << 20);
        range("maxQueueDelay in milliseconds", maxQueueDelay.toMillis(), 0, 10_000);
        range("maxConcurrentRequests", maxConcurrentRequests, 1, 1_000_000);
        range("maxQueueTokens", maxQueueTokens, 1, 1L << 40);
        range("maxClientBatchSize", maxClientBatchSize, 1, 1 << 20);
        range("maxInputChars", maxInputChars, 1, 1 << 30);
        range("requestTimeout in milliseconds", requestTimeout.toMillis(), 1, 86_400_000);
        range("tokenizationThreads", tokenizationThreads, 0, MAX_THREADS);
        range("inferenceWorkers", inferenceWorkers, 0, MAX_THREADS);
        range("cacheEntries", cacheEntries, 0, 100_000_000);
        range("maxShadowInputs", maxShadowInputs, 0, 1_000_000);
    }

    /** What an engine does if nothing is said. */
    public static EngineOptions defaults() {
        return new EngineOptions(
                16_384,
                0,
                Duration.ZERO,
                512,
                262_144,
                32,
                1_000_000,
                false,
                Duration.ofSeconds(60),
                0,
                0,
                new OnnxOptions(1, false),
                0,
                true,
                256);
    }

    /** Threads that tokenize, at least one. */
    int tokenizers() {
        return tokenizationThreads > 0 ? tokenizationThreads : processors();
    }

    /** Batches that run at a time, at least one. */
    int workers() {
        int threadsOfBatch = onnx.threads() > 0 ? onnx.threads() : processors();
        return inferenceWorkers > 0 ? inferenceWorkers : Math.max(1, processors() / threadsOfBatch);
    }

    private static int processors() {
        return Runtime.getRuntime().availableProcessors();
    }

    private static void range(String option, long found, long low, long high) {
        if (found < low || found > high) {
            throw new UserError(option + " is " + found + ", expected a whole number from " + low + " to " + high);
        }
    }
}
