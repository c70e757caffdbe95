package dev.parlance.train.loop;

import dev.parlance.config.TrainingArguments;

/**
 * How the threads are used: workers that each take a share of every batch, and threads within one operation.
 *
 * @param workers threads that compute gradients of their own
 * @param threadsPerWorker threads of one operation
 */
record Parallelism(int workers, int threadsPerWorker) {
    /** Fewer texts than this for each worker would make products too small to be fast. */
    private static final int MIN_TEXTS_PER_WORKER = 8;

    static Parallelism of(TrainingArguments arguments) {
        int threads = arguments.threads() == 0 ? Runtime.getRuntime().availableProcessors() : arguments.threads();
        int useful = Math.max(1, arguments.perDeviceTrainBatchSize() / MIN_TEXTS_PER_WORKER);
        int workers = Math.min(threads, useful);
        return new Parallelism(workers, Math.max(1, threads / workers));
    }

    /** Processors that are busy. */
    int threads() {
        return workers * threadsPerWorker;
    }
}
