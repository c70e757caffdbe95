package dev.parlance.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Puts groups of rows into folds, the largest first, each into the fold that has the smallest share of its labels so far;
 * at a tie into the smallest fold. For groups of one row the counts of a label differ by at most one between folds. The idea
 * is that of scikit-learn's StratifiedGroupKFold: greedy, since the exact problem is NP-hard.
 */
final class FoldAssignment {
    private final int folds;
    private final int[] labelRows;
    private final Map<Integer, Map<Integer, Integer>> groups = new LinkedHashMap<>();

    FoldAssignment(int folds, int labels) {
        this.folds = folds;
        this.labelRows = new int[labels];
    }

    /** Adds a row. */
    void add(int group, int label) {
        groups.computeIfAbsent(group, k -> new HashMap<>()).merge(label, 1, Integer::sum);
        labelRows[label]++;
    }

    /** The fold of each group; the same for the same rows and seed. */
    Map<Integer, Integer> draw(long seed) {
        List<Map.Entry<Integer, Map<Integer, Integer>>> order = new ArrayList<>(groups.entrySet());
        Random random = new Random(seed);
        for (int i = order.size() - 1; i > 0; i--) {
            Collections.swap(order, i, random.nextInt(i + 1));
        }
        order.sort(Comparator.comparingInt(entry -> -rows(entry.getValue()))); // stable
        int[][] counts = new int[folds][labelRows.length];
        int[] sizes = new int[folds];
        Map<Integer, Integer> result = new HashMap<>();
        for (Map.Entry<Integer, Map<Integer, Integer>> entry : order) {
            int fold = best(entry.getValue(), counts, sizes);
            entry.getValue().forEach((label, rows) -> counts[fold][label] += rows);
            sizes[fold] += rows(entry.getValue());
            result.put(entry.getKey(), fold);
        }
        return result;
    }

    /**
     * The fold in which the group adds least to the sum over folds and labels of (rows / rows of the label)^2: what is
     * smallest when every label is spread evenly.
     */
    private int best(Map<Integer, Integer> group, int[][] counts, int[] sizes) {
        double[] cost = new double[folds];
        for (int fold = 0; fold < folds; fold++) {
            for (Map.Entry<Integer, Integer> label : group.entrySet()) {
                cost[fold] += (double) label.getValue() * counts[fold][label.getKey()] / labelRows[label.getKey()];
            }
        }
        double least = Arrays.stream(cost).min().orElseThrow();
        int best = -1;
        for (int fold = 0; fold < folds; fold++) {
            boolean tie = cost[fold] <= least + 1e-12;
            if (tie && (best < 0 || sizes[fold] < sizes[best])) {
                best = fold;
            }
        }
        return best;
    }

    private static int rows(Map<Integer, Integer> group) {
        return group.values().stream().mapToInt(Integer::intValue).sum();
    }
}
