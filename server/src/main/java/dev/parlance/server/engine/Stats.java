package dev.parlance.server.engine;

import java.util.Map;

/**
 * What a version of a model has done since it was first loaded, for pages that poll: rates are differences of two of these.
 *
 * @param model its name
 * @param version of the model
 * @param requests answered
 * @param refused requests by reason, each reason being there
 * @param cancelled requests that their clients gave up
 * @param inputs of batches
 * @param tokens of batches, without padding
 * @param paddedTokens of batches, with padding
 * @param batches run
 * @param inferenceSeconds of all batches, one after the other
 * @param collapsed inputs that joined an equal one
 * @param cacheHits inputs answered from the cache
 * @param cacheMisses inputs looked up in vain
 * @param inFlight requests that are being answered now
 * @param queuedInputs inputs that wait for a batch now
 * @param queuedTokens tokens of these
 * @param tokensPerSecond what all workers reach together, by the last batches; 0 before the first
 * @param latency of the answered requests of the last half minute
 */
public record Stats(
        String model,
        String version,
        long requests,
        Map<Refusal.Kind, Long> refused,
        long cancelled,
        long inputs,
        long tokens,
        long paddedTokens,
        long batches,
        double inferenceSeconds,
        long collapsed,
        long cacheHits,
        long cacheMisses,
        int inFlight,
        int queuedInputs,
        long queuedTokens,
        double tokensPerSecond,
        Latency latency) {
    public Stats {
        refused = Map.copyOf(refused);
    }

    /**
     * Times from the submission of a request to its answer, in milliseconds.
     *
     * @param count of requests
     * @param p50 half of them took no longer
     * @param p90 nine of ten took no longer
     * @param p99 all but one in a hundred took no longer
     * @param max the slowest
     */
    public record Latency(long count, double p50, double p90, double p99, double max) {}

    /** Requests that got no answer, for whatever reason. */
    public long unanswered() {
        return cancelled + refused.values().stream().mapToLong(count -> count).sum();
    }

    /** The share of the tokens in batches that were no padding, in [0, 1]; 1 before the first. */
    public double batchFill() {
        return paddedTokens == 0 ? 1 : (double) tokens / paddedTokens;
    }
}
