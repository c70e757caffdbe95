package dev.parlance.linear;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class NgramCountsTest {
    @Test
    void counts_texts_and_takes_those_that_occur_most() {
        NgramCounts counts = new NgramCounts(100);
        counts.addText(new long[] {1, 1, 1, 2});
        counts.addText(new long[] {2, 3});
        counts.addText(new long[] {2});
        assertThat(counts.texts(1)).isEqualTo(1);
        assertThat(counts.texts(2)).isEqualTo(3);
        assertThat(counts.select(1, 2)).containsExactlyInAnyOrder(1, 2);
        assertThat(counts.select(2, 9)).containsExactly(2);
    }

    @Test
    void grows_without_losing_a_count() {
        NgramCounts counts = new NgramCounts(1_000_000);
        for (int i = 0; i < 3; i++) {
            counts.addText(LongStream.rangeClosed(1, 50_000)
                    .map(n -> n * 0x9E3779B97F4A7C15L)
                    .sorted()
                    .toArray());
        }
        assertThat(counts.select(3, 1_000_000)).hasSize(50_000);
        assertThat(counts.forgotten()).isZero();
    }

    @Test
    void forgets_the_rarest_when_there_are_too_many() {
        NgramCounts counts = new NgramCounts(1_000);
        Random random = new Random(1);
        for (int text = 0; text < 200; text++) {
            long[] hashes =
                    LongStream.concat(LongStream.of(7, 8, 9), random.longs(100)).toArray();
            Arrays.sort(hashes);
            counts.addText(hashes);
        }
        assertThat(counts.forgotten()).isPositive();
        assertThat(counts.texts(8)).isEqualTo(200);
        assertThat(counts.select(100, 1_000)).containsExactlyInAnyOrder(7, 8, 9);
    }
}
