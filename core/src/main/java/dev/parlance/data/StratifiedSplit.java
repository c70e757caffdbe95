package dev.parlance.data;

import dev.parlance.text.TextKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Indices of the examples of each part, ascending. Rows with the same text (case, spaces and punctuation ignored) stay in
 * one part, so that nothing leaks from training into the measure. Every label is in every part if it has enough different
 * texts: with two it is in training and in test, with one in training alone.
 */
record StratifiedSplit(int[] train, int[] validation, int[] test, List<Finding> findings) {
    /**
     * The split depends on the examples, the fractions and the seed alone: {@link Random} is specified to the bit.
     *
     * @param validationFraction share of the rows of each label, 0 for none
     * @param testFraction likewise
     */
    static StratifiedSplit of(Dataset data, double validationFraction, double testFraction, long seed) {
        Random random = new Random(seed);
        List<Integer> train = new ArrayList<>();
        List<Integer> validation = new ArrayList<>();
        List<Integer> test = new ArrayList<>();
        List<String> lonely = new ArrayList<>();
        for (Map.Entry<String, List<List<Integer>>> label : groups(data).entrySet()) {
            List<List<Integer>> groups = label.getValue();
            shuffle(groups, random);
            int rows = groups.stream().mapToInt(List::size).sum();
            int left = groups.size();
            left -= take(groups, left, rows * testFraction, test);
            left -= take(groups, left, rows * validationFraction, validation);
            groups.subList(0, left).forEach(train::addAll);
            if (groups.size() == 1 && validationFraction + testFraction > 0) {
                lonely.add(label.getKey());
            }
        }
        return new StratifiedSplit(ascending(train), ascending(validation), ascending(test), lonelyFinding(lonely));
    }

    /** What examples with the same texts share. */
    static long key(Example example) {
        String pair = example.textPair() == null ? "" : "\n" + TextKey.normalized(example.textPair());
        return TextKey.hash(TextKey.normalized(example.text()) + pair);
    }

    /** Groups of rows with the same text by the label of their first row, labels sorted. */
    private static TreeMap<String, List<List<Integer>>> groups(Dataset data) {
        Map<Long, List<Integer>> byText = new LinkedHashMap<>();
        for (int i = 0; i < data.size(); i++) {
            Example example = data.examples().get(i);
            byText.computeIfAbsent(key(example), k -> new ArrayList<>(1)).add(i);
        }
        TreeMap<String, List<List<Integer>>> byLabel = new TreeMap<>();
        for (List<Integer> group : byText.values()) {
            String label = data.examples().get(group.get(0)).goldLabel();
            byLabel.computeIfAbsent(label, k -> new ArrayList<>()).add(group);
        }
        return byLabel;
    }

    private static void shuffle(List<List<Integer>> groups, Random random) {
        for (int i = groups.size() - 1; i > 0; i--) {
            Collections.swap(groups, i, random.nextInt(i + 1));
        }
    }

    /** Moves groups from the end of the first {@code left} until the wanted rows are there; at least one, but never the last. */
    private static int take(List<List<Integer>> groups, int left, double wantedRows, List<Integer> part) {
        int taken = 0;
        int rows = 0;
        while (wantedRows > 0 && left - taken > 1 && (taken == 0 || rows + 0.5 <= wantedRows)) {
            List<Integer> group = groups.get(left - 1 - taken);
            part.addAll(group);
            rows += group.size();
            taken++;
        }
        return taken;
    }

    private static int[] ascending(List<Integer> indices) {
        int[] sorted = indices.stream().mapToInt(Integer::intValue).toArray();
        Arrays.sort(sorted);
        return sorted;
    }

    private static List<Finding> lonelyFinding(List<String> labels) {
        if (labels.isEmpty()) {
            return List.of();
        }
        return List.of(new Finding(
                "single_text_labels",
                true,
                "label has one text alone, which is in the training part and can't be measured: "
                        + String.join(", ", labels.subList(0, Math.min(10, labels.size())))
                        + (labels.size() > 10 ? ", ..." : ""),
                labels.size(),
                List.of()));
    }
}
