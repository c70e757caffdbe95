package dev.parlance.metric;

import java.util.Arrays;
import java.util.List;

/**
 * One score over the folds of a cross-validation.
 *
 * <p>The interval is the corrected resampled t interval of C. Nadeau and Y. Bengio (2003), Inference for the Generalization
 * Error, Machine Learning 52: the variance of the mean is taken as {@code (1/k + test/train) * deviation^2}, with k - 1
 * degrees of freedom. Folds share most of their training rows, so {@code deviation^2 / k} alone would be too small and the
 * interval too narrow.
 *
 * @param scores one of each fold
 * @param mean of the scores
 * @param deviation standard deviation of the scores, with k - 1
 * @param low lower end of the 95 % interval of the mean
 * @param high upper end
 */
public record FoldScores(List<Double> scores, double mean, double deviation, double low, double high) {
    private static final double CONFIDENCE = 0.95;

    public FoldScores {
        scores = List.copyOf(scores);
    }

    /**
     * Sums up the scores of at least two folds.
     *
     * @param testShare rows tested on for each row trained on: 0.25 with five folds
     */
    public static FoldScores of(double[] scores, double testShare) {
        int k = scores.length;
        if (k < 2) {
            throw new IllegalArgumentException("one score has no deviation, expected those of at least two folds");
        }
        double mean = Arrays.stream(scores).average().orElseThrow();
        double squares = Arrays.stream(scores)
                .map(score -> (score - mean) * (score - mean))
                .sum();
        double deviation = Math.sqrt(squares / (k - 1));
        double half = StudentT.twoSided(CONFIDENCE, k - 1) * deviation * Math.sqrt(1.0 / k + testShare);
        return new FoldScores(Arrays.stream(scores).boxed().toList(), mean, deviation, mean - half, mean + half);
    }
}
