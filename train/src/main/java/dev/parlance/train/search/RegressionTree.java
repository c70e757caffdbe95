package dev.parlance.train.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A regression tree over the unit cube, whose leaves are boxes: L. Breiman et al. (1984), Classification and Regression
 * Trees. Grown until the rows of a box are few or all the same.
 */
final class RegressionTree {
    private static final int MIN_LEAF = 2;
    private static final int MAX_DEPTH = 20;

    private final double[][] points; // [row][setting]
    private final double[] targets;
    private final int settings;
    private final SplittableRandom random;
    private final List<Box> leaves = new ArrayList<>();

    /** A part of the cube and what the tree says there. */
    record Box(double[] low, double[] high, double mean) {
        double volume() {
            double volume = 1;
            for (int i = 0; i < low.length; i++) {
                volume *= high[i] - low[i];
            }
            return volume;
        }
    }

    /** Where to cut, and how much smaller the squares become. */
    private record Cut(int setting, double at, double gain) {}

    private RegressionTree(double[][] points, double[] targets, SplittableRandom random) {
        this.points = points;
        this.targets = targets;
        this.settings = points[0].length;
        this.random = random;
    }

    /** Grows a tree on rows drawn with replacement; at each cut a part of the settings is looked at. */
    static List<Box> grow(double[][] points, double[] targets, SplittableRandom random) {
        RegressionTree tree = new RegressionTree(points, targets, random);
        int[] rows = new int[points.length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = random.nextInt(points.length);
        }
        double[] high = new double[tree.settings];
        Arrays.fill(high, 1);
        tree.grow(rows, new double[tree.settings], high, 0);
        return tree.leaves;
    }

    private void grow(int[] rows, double[] low, double[] high, int depth) {
        double mean =
                Arrays.stream(rows).mapToDouble(row -> targets[row]).average().orElseThrow();
        Cut cut = depth == MAX_DEPTH ? null : best(rows);
        if (cut == null) {
            leaves.add(new Box(low, high, mean));
            return;
        }
        int[] left = Arrays.stream(rows)
                .filter(row -> points[row][cut.setting()] < cut.at())
                .toArray();
        int[] right = Arrays.stream(rows)
                .filter(row -> points[row][cut.setting()] >= cut.at())
                .toArray();
        double[] middleHigh = high.clone();
        middleHigh[cut.setting()] = cut.at();
        double[] middleLow = low.clone();
        middleLow[cut.setting()] = cut.at();
        grow(left, low, middleHigh, depth + 1);
        grow(right, middleLow, high, depth + 1);
    }

    private @Nullable Cut best(int[] rows) {
        Cut best = null;
        boolean[] looked = new boolean[settings];
        int wanted = Math.max(1, (int) Math.ceil(settings * 5 / 6.0)); // as fANOVA's forests have it
        for (int left = settings; left > 0 && (wanted > 0 || best == null); left--, wanted--) {
            int setting = next(looked, random.nextInt(left));
            looked[setting] = true;
            Cut cut = best(rows, setting);
            if (cut != null && (best == null || cut.gain() > best.gain())) {
                best = cut;
            }
        }
        return best;
    }

    /** The {@code skip}-th setting that was not looked at. */
    private static int next(boolean[] looked, int skip) {
        int left = skip;
        for (int i = 0; ; i++) {
            if (!looked[i] && left-- == 0) {
                return i;
            }
        }
    }

    private @Nullable Cut best(int[] rows, int setting) {
        Integer[] order = Arrays.stream(rows).boxed().toArray(Integer[]::new);
        Arrays.sort(order, Comparator.comparingDouble(row -> points[row][setting]));
        double sum = Arrays.stream(rows).mapToDouble(row -> targets[row]).sum();
        double sumLeft = 0;
        Cut best = null;
        for (int i = 1; i < order.length; i++) {
            sumLeft += targets[order[i - 1]];
            double before = points[order[i - 1]][setting];
            double after = points[order[i]][setting];
            if (before == after || i < MIN_LEAF || order.length - i < MIN_LEAF) {
                continue;
            }
            double right = sum - sumLeft;
            double gain = sumLeft * sumLeft / i + right * right / (order.length - i) - sum * sum / order.length;
            if (gain > 1e-12 && (best == null || gain > best.gain())) {
                best = new Cut(setting, (before + after) / 2, gain);
            }
        }
        return best;
    }
}
