package dev.parlance.train.loop;

import dev.parlance.train.encoder.EncoderConfig;
import dev.parlance.train.head.SequenceClassifier;

/**
 * Counts the work of training steps and how long they took. Model FLOPs count what the mathematics needs for real tokens:
 * 6 for each token and each weight of a matrix product (forward 2, backward 4), and 12 x hidden x length^2 for each text
 * and layer of attention (Chowdhery et al. 2022, PaLM, appendix B); padding and recomputation count as nothing.
 */
final class Throughput {
    private static final double SMOOTHING_SECONDS = 5;

    private final long matmulParameters;
    private final long attentionPerSquaredToken;
    private long examples;
    private long tokens;
    private double flops;
    private double seconds;
    private double recentExamples;
    private double recentTokens;
    private double recentSeconds;

    /**
     * What was counted, to go on from.
     *
     * @param examples of all steps
     * @param tokens real ones
     * @param flops of the mathematics
     * @param seconds that the steps took
     */
    record Totals(long examples, long tokens, double flops, double seconds) {}

    private Throughput(long matmulParameters, long attentionPerSquaredToken) {
        this.matmulParameters = matmulParameters;
        this.attentionPerSquaredToken = attentionPerSquaredToken;
    }

    /** Counts the work of this model; the head, which sees one token a text, is left out. */
    static Throughput of(SequenceClassifier model, EncoderConfig config) {
        long matmulParameters = model.encoder().namedParameters().entrySet().stream()
                .filter(entry -> entry.getValue().rank() == 2 && !entry.getKey().contains("embeddings."))
                .mapToLong(entry -> entry.getValue().numel())
                .sum();
        return new Throughput(matmulParameters, 12L * config.layers() * config.hiddenSize());
    }

    void add(int[] batch, Features features, double stepSeconds) {
        long batchTokens = 0;
        for (int index : batch) {
            long length = features.length(index);
            batchTokens += length;
            flops += flops(length);
        }
        examples += batch.length;
        tokens += batchTokens;
        seconds += stepSeconds;
        double keep = Math.exp(-stepSeconds / SMOOTHING_SECONDS);
        recentExamples = keep * recentExamples + batch.length;
        recentTokens = keep * recentTokens + batchTokens;
        recentSeconds = keep * recentSeconds + stepSeconds;
    }

    /** The work of a training step on a text of so many tokens. */
    double flops(long length) {
        return flopsPerToken() * length + flopsPerSquaredToken() * length * length;
    }

    double flopsPerToken() {
        return 6.0 * matmulParameters;
    }

    double flopsPerSquaredToken() {
        return attentionPerSquaredToken;
    }

    Totals totals() {
        return new Totals(examples, tokens, flops, seconds);
    }

    /** Goes on from what another run has counted. */
    void restore(Totals totals) {
        examples = totals.examples();
        tokens = totals.tokens();
        flops = totals.flops();
        seconds = totals.seconds();
    }

    double seconds() {
        return seconds;
    }

    double tokensPerSecond() {
        return tokens / Math.max(seconds, 1e-9);
    }

    double gigaFlopsPerSecond() {
        return flops / 1e9 / Math.max(seconds, 1e-9);
    }

    double recentExamplesPerSecond() {
        return recentExamples / Math.max(recentSeconds, 1e-9);
    }

    double recentTokensPerSecond() {
        return recentTokens / Math.max(recentSeconds, 1e-9);
    }

    /** Seconds that a number of examples takes at the mean speed so far. */
    double secondsFor(double remainingExamples) {
        return remainingExamples * seconds / Math.max(examples, 1);
    }
}
