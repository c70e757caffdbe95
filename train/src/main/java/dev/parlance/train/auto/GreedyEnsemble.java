package dev.parlance.train.auto;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which models answer together, and with which weights: starting from the best one, the model is added, also more than once,
 * that makes the average better by most, while there is one (Caruana et al. 2004, "Ensemble selection from libraries of
 * models"). Compared by log loss, which is smoother than accuracy and so fits less to the chance of the validation data.
 */
final class GreedyEnsemble {
    private static final int ROUNDS = 10;
    private static final double LEAST_GAIN = 1e-3;

    private final List<double[][]> probabilities;
    private final int[] gold;

    /**
     * The models to choose from.
     *
     * @param probabilities of each model, {@code [examples][labels]}
     * @param gold index of the right label of each example
     */
    GreedyEnsemble(List<double[][]> probabilities, int[] gold) {
        this.probabilities = probabilities;
        this.gold = gold;
    }

    /** The weight of each model; they add up to 1. */
    double[] weights() {
        int models = probabilities.size();
        int[] counts = new int[models];
        counts[best(counts)]++;
        double loss = loss(weights(counts));
        for (int round = 1; round < ROUNDS; round++) {
            int added = best(counts);
            int[] next = counts.clone();
            next[added]++;
            double nextLoss = loss(weights(next));
            if (!(nextLoss < loss - LEAST_GAIN * loss)) {
                break;
            }
            counts = next;
            loss = nextLoss;
        }
        return weights(counts);
    }

    /** The model that is best to add to so many. */
    private int best(int[] counts) {
        return IntStream.range(0, counts.length)
                .boxed()
                .min(Comparator.comparingDouble(model -> lossWith(counts, model)))
                .orElseThrow();
    }

    private double lossWith(int[] counts, int added) {
        int[] next = counts.clone();
        next[added]++;
        return loss(weights(next));
    }

    private static double[] weights(int[] counts) {
        double sum = IntStream.of(counts).sum();
        return IntStream.of(counts).mapToDouble(count -> count / sum).toArray();
    }

    private double loss(double[] weights) {
        double sum = 0;
        for (int example = 0; example < gold.length; example++) {
            double p = 0;
            for (int model = 0; model < weights.length; model++) {
                p += weights[model] * probabilities.get(model)[example][gold[example]];
            }
            sum -= Math.log(Math.max(p, Double.MIN_NORMAL));
        }
        return sum / gold.length;
    }

    /** The weighted mean of the models' probabilities. */
    static double[][] average(List<double[][]> probabilities, double[] weights) {
        int examples = probabilities.get(0).length;
        int labels = examples == 0 ? 0 : probabilities.get(0)[0].length;
        double[][] mean = new double[examples][labels];
        for (int model = 0; model < weights.length; model++) {
            for (int example = 0; example < examples; example++) {
                for (int label = 0; label < labels; label++) {
                    mean[example][label] += weights[model] * probabilities.get(model)[example][label];
                }
            }
        }
        return mean;
    }
}
