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

    private static List<int[]> byTokens(long seed) {
        return LengthGroupedBatches.epochByTokens(1003, LengthGroupedBatchesTest::length, 300, new Random(seed));
    }

    @Test
    void batches_of_so_many_tokens_hold_no_more_when_padded_and_are_full() {
        List<int[]> batches = byTokens(1);
        assertThat(batches.stream().flatMapToInt(Arrays::stream).sorted().toArray())
                .isEqualTo(IntStream.range(0, 1003).toArray());
        assertThat(batches)
                .allSatisfy(batch -> assertThat(padded(List.of(batch))).isLessThanOrEqualTo(300));
        assertThat(padded(batches)).isGreaterThan(batches.size() * 200L);
        assertThat(Arrays.stream(batches.get(0))
                        .map(LengthGroupedBatchesTest::length)
                        .max())
                .hasValue(101);
    }

    @Test
    void every_epoch_has_as_many_batches_of_so_many_tokens_but_not_the_same_ones() {
        int count = LengthGroupedBatches.countByTokens(1003, LengthGroupedBatchesTest::length, 300);
        assertThat(byTokens(1)).hasSize(count);
        assertThat(byTokens(2)).hasSize(count);
        assertThat(byTokens(1).toArray(int[][]::new)).isDeepEqualTo(byTokens(1).toArray(int[][]::new));
        assertThat(Arrays.deepToString(byTokens(1).toArray(int[][]::new)))
                .isNotEqualTo(Arrays.deepToString(byTokens(2).toArray(int[][]::new)));
    }

    @Test
    void a_text_longer_than_a_batch_of_tokens_is_a_batch_on_its_own() {
        List<int[]> batches = LengthGroupedBatches.epochByTokens(4, index -> 10 + index, 5, new Random(1));
        assertThat(batches).hasSize(4).allSatisfy(batch -> assertThat(batch).hasSize(1));
    }

    @Test
    void same_seed_gives_same_order_and_another_seed_another() {
        assertThat(batches(true, 5).toArray(int[][]::new))
                .isDeepEqualTo(batches(true, 5).toArray(int[][]::new));
        assertThat(batches(true, 5).get(3)).isNotEqualTo(batches(true, 6).get(3));
    }
}
