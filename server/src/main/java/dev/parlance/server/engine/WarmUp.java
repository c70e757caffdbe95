package dev.parlance.server.engine;

import dev.parlance.data.Example;
import dev.parlance.predict.Pipeline;
import dev.parlance.predict.Prepared;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Runs a model on batches of several shapes before clients may use it, so that memory is there and code is compiled, and
 * measures on the way what a batch costs besides its tokens: by that, batches are formed.
 */
final class WarmUp {
    private static final int SHORT_WORDS = 8;
    private static final int MIDDLE_WORDS = 24;
    private static final int LONG_WORDS = 120;
    private static final int MIDDLE_ROWS = 12;
    private static final int REPEATS = 5;
    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final double LEAST_OVERHEAD = 4;
    private static final double MOST_OVERHEAD = 256;

    private final Pipeline pipeline;
    private final long start = System.nanoTime();

    private WarmUp(Pipeline pipeline) {
        this.pipeline = pipeline;
    }

    /** Warms a model up; what any batch costs besides its tokens, in the time of a token, within 4 and 256. */
    static double overheadTokens(Pipeline pipeline) {
        return new WarmUp(pipeline).measure();
    }

    private double measure() {
        pipeline.run(batch(LONG_WORDS, 2));
        List<Prepared> small = batch(SHORT_WORDS, 1);
        List<Prepared> large = batch(MIDDLE_WORDS, MIDDLE_ROWS);
        double smallNanos = fastest(small);
        double largeNanos = fastest(large);
        double tokens = tokens(large) - tokens(small);
        if (tokens <= 0 || largeNanos <= smallNanos) {
            return MOST_OVERHEAD; // it makes no difference how much is in a batch
        }
        double nanosOfToken = (largeNanos - smallNanos) / tokens;
        return Math.min(MOST_OVERHEAD, Math.max(LEAST_OVERHEAD, smallNanos / nanosOfToken - tokens(small)));
    }

    /** The shortest of several runs, since all that disturbs a run makes it longer; fewer if the model is slow. */
    private double fastest(List<Prepared> batch) {
        long fastest = Long.MAX_VALUE;
        for (int i = 0; i < REPEATS && (i == 0 || System.nanoTime() - start < MOST_NANOS); i++) {
            long before = System.nanoTime();
            pipeline.run(batch);
            fastest = Math.min(fastest, System.nanoTime() - before);
        }
        return (double) fastest;
    }

    private List<Prepared> batch(int words, int rows) {
        String text = IntStream.range(0, words)
                .mapToObj(i -> i % 2 == 0 ? "good" : "1")
                .collect(Collectors.joining(" "));
        return pipeline.prepare(Collections.nCopies(rows, Example.of(text)));
    }

    private static int tokens(List<Prepared> batch) {
        return batch.stream().mapToInt(Prepared::length).sum();
    }
}
