package dev.parlance.server.engine;

import dev.parlance.predict.Pipeline;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/** A version of a model with all that belongs to it alone. Who uses it holds its {@link #lease}; the last one closes it. */
final class ServedModel {
    private final ModelInfo info;
    private final Pipeline pipeline;
    private final double overheadTokens;
    private final ModelMetrics metrics;
    private final ModelGauges gauges;
    private final Answers answers;
    private final Throughput throughput;
    private final Lease lease;
    private final BatchQueue queue = new BatchQueue(); // guarded by the scheduler
    private final BatchQueue background = new BatchQueue(); // guarded by the scheduler
    private final AtomicInteger preparing = new AtomicInteger();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger shadowInputs = new AtomicInteger();

    /**
     * Serves a pipeline, which it owns.
     *
     * @param overheadTokens what any batch costs besides its tokens, in the time of a token
     */
    ServedModel(
            ModelInfo info, Pipeline pipeline, double overheadTokens, EngineOptions options, MeterRegistry registry) {
        this.info = info;
        this.pipeline = pipeline;
        this.overheadTokens = overheadTokens;
        this.metrics = new ModelMetrics(registry, info.name(), info.version());
        this.gauges = new ModelGauges(registry);
        this.answers = new Answers(options, metrics);
        this.throughput = new Throughput(options.workers());
        this.lease = new Lease(pipeline::close);
    }

    ModelInfo info() {
        return info;
    }

    Pipeline pipeline() {
        return pipeline;
    }

    double overheadTokens() {
        return overheadTokens;
    }

    ModelMetrics metrics() {
        return metrics;
    }

    ModelGauges gauges() {
        return gauges;
    }

    Answers answers() {
        return answers;
    }

    Throughput throughput() {
        return throughput;
    }

    Lease lease() {
        return lease;
    }

    /** Inputs of clients that wait for a batch. */
    BatchQueue queue() {
        return queue;
    }

    /** Copies that wait for a time when there is nothing else to do. */
    BatchQueue background() {
        return background;
    }

    /** How many requests of clients are waiting to be tokenized, or being so. */
    int preparing() {
        return preparing.get();
    }

    void beginPreparing() {
        preparing.incrementAndGet();
    }

    /** Whether none is left. */
    boolean endPreparing() {
        return preparing.decrementAndGet() == 0;
    }

    int inFlight() {
        return inFlight.get();
    }

    /** Takes one of so many places for requests; false if all are taken. */
    boolean tryBegin(int places) {
        return tryAdd(inFlight, 1, places);
    }

    void end() {
        inFlight.decrementAndGet();
    }

    /** Takes some of so many places for copies; false if too few are free. */
    boolean tryShadow(int inputs, int places) {
        return tryAdd(shadowInputs, inputs, places);
    }

    void endShadow(int inputs) {
        shadowInputs.addAndGet(-inputs);
    }

    Stats stats() {
        return metrics.stats(info, inFlight(), queue, throughput.tokensPerSecond());
    }

    private static boolean tryAdd(AtomicInteger taken, int more, int places) {
        if (taken.addAndGet(more) > places) {
            taken.addAndGet(-more);
            return false;
        }
        return true;
    }
}
