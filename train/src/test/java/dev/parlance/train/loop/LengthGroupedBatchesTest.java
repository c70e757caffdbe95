package dev.parlance.train.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LengthGroupedBatchesTest {
    private static int length(int index) {
        return 1 + index * 37 % 101;
    }

    private static List<int[]> batches(boolean group, long seed) {
        return LengthGroupedBatches.epoch(1003, LengthGroupedBatchesTest::length, 8, group, new Random(seed));
    }

    private static long padded(List<int[]> batches) {
        return batches.stream()
                .mapToLong(batch -> (long) batch.length
                        * Arrays.stream(batch)
                                .map(LengthGroupedBatchesTest::length)
                                .max()
                                .orElseThrow())
                .sum();
    }

    @Test
    void takes_every_example_once() {
        int[] seen =
                batches(true, 1).stream().flatMapToInt(Arrays::stream).sorted().toArray();
        assertThat(seen).hasSize(1003).doesNotHaveDuplicates().startsWith(0).endsWith(1002);
    }

    @Test
    void saves_most_of_the_padding() {
        long real =
                IntStream.range(0, 1003).map(LengthGroupedBatchesTest::length).sum();
        assertThat(padded(batches(true, 1)) - real).isLessThan((padded(batches(false, 1)) - real) / 5);
    }

    @Test
    void starts_with_the_longest_batch() {
        assertThat(Arrays.stream(batches(true, 1).get(0))
                        .map(LengthGroupedBatchesTest::length)
                        .max())
                .hasValue(101);
    }

    @Test
    void same_seed_gives_same_order_and_another_seed_another() {
        assertThat(batches(true, 5).toArray(int[][]::new))
                .isDeepEqualTo(batches(true, 5).toArray(int[][]::new));
        assertThat(batches(true, 5).get(3)).isNotEqualTo(batches(true, 6).get(3));
    }
}
