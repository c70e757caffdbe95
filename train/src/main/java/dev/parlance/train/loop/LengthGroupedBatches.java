package dev.parlance.train.loop;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Which examples go into which batch of an epoch. Grouping by length sorts within random pools of {@value #POOL} batches,
 * as transformers' {@code LengthGroupedSampler} does, then shuffles the batches so that length does not follow time; the
 * longest batch comes first, so that memory runs out at once or never.
 */
final class LengthGroupedBatches {
    private static final int POOL = 50;

    private LengthGroupedBatches() {}

    /**
     * The batches of one epoch as example indices; the last batch may be smaller.
     *
     * @param length length of an example in tokens, by its index
     */
    static List<int[]> epoch(int examples, IntUnaryOperator length, int batchSize, boolean group, Random random) {
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, examples).boxed().toList());
        Collections.shuffle(order, random);
        if (!group) {
            return slices(order, batchSize);
        }
        List<int[]> batches = new ArrayList<>();
        Comparator<Integer> longestFirst =
                Comparator.<Integer>comparingInt(length::applyAsInt).reversed();
        for (int start = 0; start < examples; start += POOL * batchSize) {
            List<Integer> pool = order.subList(start, Math.min(examples, start + POOL * batchSize));
            pool.sort(longestFirst);
            batches.addAll(slices(pool, batchSize));
        }
        Collections.shuffle(batches, random);
        Collections.swap(batches, 0, indexOfLongest(batches, length));
        return batches;
    }

    /**
     * The batches of one epoch such that none has more than {@code maxTokens} when it is padded to its longest example, but
     * for an example that is longer on its own. They are cut from all examples in the order of their lengths, examples of the
     * same length in random order, so that every epoch has as many.
     */
    static List<int[]> epochByTokens(int examples, IntUnaryOperator length, int maxTokens, Random random) {
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, examples).boxed().toList());
        Collections.shuffle(order, random);
        order.sort(Comparator.<Integer>comparingInt(length::applyAsInt).reversed());
        List<int[]> batches = new ArrayList<>();
        int end;
        for (int start = 0; start < examples; start = end) {
            int fitting = Math.max(1, maxTokens / Math.max(1, length.applyAsInt(order.get(start))));
            end = Math.min(examples, start + fitting);
            batches.add(order.subList(start, end).stream()
                    .mapToInt(Integer::intValue)
                    .toArray());
        }
        int[] longest = batches.remove(0);
        Collections.shuffle(batches, random);
        batches.add(0, longest);
        return batches;
    }

    /** How many batches {@link #epochByTokens} makes, whatever the random order. */
    static int countByTokens(int examples, IntUnaryOperator length, int maxTokens) {
        return epochByTokens(examples, length, maxTokens, new Random(0)).size();
    }

    private static List<int[]> slices(List<Integer> order, int batchSize) {
        List<int[]> slices = new ArrayList<>();
        for (int start = 0; start < order.size(); start += batchSize) {
            slices.add(order.subList(start, Math.min(order.size(), start + batchSize)).stream()
                    .mapToInt(Integer::intValue)
                    .toArray());
        }
        return slices;
    }

    private static int indexOfLongest(List<int[]> batches, IntUnaryOperator length) {
        Comparator<Integer> byLength = Comparator.comparingInt(
                i -> Arrays.stream(batches.get(i)).map(length).max().orElse(0));
        return IntStream.range(0, batches.size()).boxed().max(byLength).orElse(0);
    }
}
