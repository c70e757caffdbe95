package dev.parlance.server.engine;

import dev.parlance.predict.OnnxOptions;
import java.time.Duration;

/** The default options with one worker, so that the order of batches is known, and what a test changes. */
final class TestOptions {
    private static final EngineOptions DEFAULTS = EngineOptions.defaults();

    private int batchTokens = DEFAULTS.maxBatchTokens();
    private Duration delay = DEFAULTS.maxQueueDelay();
    private int requests = DEFAULTS.maxConcurrentRequests();
    private long queueTokens = DEFAULTS.maxQueueTokens();
    private int inputs = DEFAULTS.maxClientBatchSize();
    private int chars = DEFAULTS.maxInputChars();
    private boolean truncate = DEFAULTS.autoTruncate();
    private int workers = 1;
    private int cache = DEFAULTS.cacheEntries();
    private boolean collapse = DEFAULTS.collapse();
    private int shadowInputs = DEFAULTS.maxShadowInputs();

    TestOptions batchTokens(int most) {
        batchTokens = most;
        return this;
    }

    TestOptions delay(Duration most) {
        delay = most;
        return this;
    }

    TestOptions requests(int most) {
        requests = most;
        return this;
    }

    TestOptions queueTokens(long most) {
        queueTokens = most;
        return this;
    }

    TestOptions inputs(int most) {
        inputs = most;
        return this;
    }

    TestOptions chars(int most) {
        chars = most;
        return this;
    }

    TestOptions truncate(boolean wanted) {
        truncate = wanted;
        return this;
    }

    TestOptions workers(int count) {
        workers = count;
        return this;
    }

    TestOptions cache(int entries) {
        cache = entries;
        return this;
    }

    TestOptions collapse(boolean wanted) {
        collapse = wanted;
        return this;
    }

    TestOptions shadowInputs(int most) {
        shadowInputs = most;
        return this;
    }

    EngineOptions build() {
        return new EngineOptions(
                batchTokens,
                0,
                delay,
                requests,
                queueTokens,
                inputs,
                chars,
                truncate,
                Duration.ofSeconds(30),
                2,
                workers,
                new OnnxOptions(1, false),
                cache,
                collapse,
                shadowInputs);
    }
}
