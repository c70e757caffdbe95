package dev.parlance.train.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * How much of the differences between scores a setting explains by itself, the others averaged over all their values.
 * F. Hutter, H. Hoos and K. Leyton-Brown (2014), An Efficient Approach for Assessing Hyperparameter Importance, ICML: the
 * variance of each setting's marginal as a share of the variance of a forest of regression trees fitted to the trials. What
 * is missing to 1 is explained by settings together.
 *
 * @param name dotted name of the setting
 * @param share mean over the trees, in [0, 1]
 * @param deviation standard deviation over the trees, which says how far to believe it
 */
public record Importance(String name, double share, double deviation) {
    /** Finished trials below which nothing is said. */
    public static final int FEWEST_TRIALS = 8;
    /** Finished trials for each setting below which the shares are rough. */
    public static final int ROUGH_BELOW = 10;

    private static final int TREES = 64;
    private static final double NOTHING = 1e-18;

    /**
     * The importance of each setting, the largest first; empty with fewer than {@link #FEWEST_TRIALS} finished trials or if
     * all of them scored the same.
     */
    static List<Importance> of(SearchSpace space, Objective objective, List<Trial> trials, long seed) {
        List<Trial> finished = trials.stream()
                .filter(trial -> trial.status() == Trial.Status.COMPLETE && trial.score() != null)
                .toList();
        if (finished.size() < FEWEST_TRIALS) {
            return List.of();
        }
        double[][] points = finished.stream()
                .map(trial -> space.parameters().stream()
                        .mapToDouble(parameter -> parameter
                                .interval(trial.values().getOrDefault(parameter.name(), ""))
                                .middle())
                        .toArray())
                .toArray(double[][]::new);
        double[] targets = finished.stream().mapToDouble(objective::goodness).toArray();
        return of(space, points, targets, new SplittableRandom(seed));
    }

    private static List<Importance> of(
            SearchSpace space, double[][] points, double[] targets, SplittableRandom random) {
        int settings = space.parameters().size();
        List<double[]> shares = new ArrayList<>();
        for (int tree = 0; tree < TREES; tree++) {
            List<RegressionTree.Box> leaves = RegressionTree.grow(points, targets, random);
            double mean = leaves.stream()
                    .mapToDouble(leaf -> leaf.volume() * leaf.mean())
                    .sum();
            double variance = leaves.stream()
                    .mapToDouble(leaf -> leaf.volume() * square(leaf.mean() - mean))
                    .sum();
            if (variance > NOTHING) {
                double[] share = new double[settings];
                for (int i = 0; i < settings; i++) {
                    share[i] = marginalVariance(leaves, i, mean) / variance;
                }
                shares.add(share);
            }
        }
        List<Importance> importances = new ArrayList<>();
        for (int i = 0; i < settings && !shares.isEmpty(); i++) {
            int setting = i;
            double[] ofTrees =
                    shares.stream().mapToDouble(share -> share[setting]).toArray();
            double mean = Arrays.stream(ofTrees).average().orElseThrow();
            double squares =
                    Arrays.stream(ofTrees).map(share -> square(share - mean)).sum();
            importances.add(new Importance(
                    space.parameters().get(i).name(), mean, Math.sqrt(squares / Math.max(1, ofTrees.length - 1))));
        }
        importances.sort((a, b) -> Double.compare(b.share(), a.share()));
        return importances;
    }

    /** Variance over one setting of what the tree says on average over all others. */
    private static double marginalVariance(List<RegressionTree.Box> leaves, int setting, double mean) {
        TreeSet<Double> ends = new TreeSet<>();
        for (RegressionTree.Box leaf : leaves) {
            ends.add(leaf.low()[setting]);
            ends.add(leaf.high()[setting]);
        }
        double variance = 0;
        double from = ends.first();
        for (double to : ends.tailSet(from, false)) {
            double marginal = 0;
            for (RegressionTree.Box leaf : leaves) {
                double low = leaf.low()[setting];
                double high = leaf.high()[setting];
                if (low <= from && high >= to) {
                    marginal += leaf.volume() / (high - low) * leaf.mean();
                }
            }
            variance += (to - from) * square(marginal - mean);
            from = to;
        }
        return variance;
    }

    private static double square(double x) {
        return x * x;
    }
}
