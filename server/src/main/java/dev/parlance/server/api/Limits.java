package dev.parlance.server.api;

/**
 * The engine's bounds, as clients may know them.
 *
 * @param maxConcurrentRequests requests at a time, waiting ones included
 * @param maxBatchTokens tokens of a batch, padding included
 * @param maxClientBatchSize texts of a request
 * @param autoTruncate whether a text that is too long is cut where a request does not say
 * @param tokenizationThreads threads that tokenize
 */
record Limits(
        int maxConcurrentRequests,
        int maxBatchTokens,
        int maxClientBatchSize,
        boolean autoTruncate,
        int tokenizationThreads) {}
