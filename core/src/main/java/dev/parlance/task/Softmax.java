package dev.parlance.task;

/** Logits to probabilities. */
public final class Softmax {
    private Softmax() {}

    /**
     * {@code exp(x_i) / sum_j exp(x_j)}, computed in double after the largest logit is subtracted, so that no finite input
     * overflows.
     *
     * @param logits finite numbers, at least one
     * @return as many probabilities that sum to 1
     */
    public static double[] of(float[] logits) {
        double max = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            max = Math.max(max, logit);
        }
        double[] probabilities = new double[logits.length];
        double sum = 0;
        for (int i = 0; i < logits.length; i++) {
            probabilities[i] = Math.exp(logits[i] - max);
            sum += probabilities[i];
        }
        for (int i = 0; i < logits.length; i++) {
            probabilities[i] /= sum;
        }
        return probabilities;
    }
}
