package dev.parlance.train.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BatchSizeSearchTest {
    private static final long GB = 1L << 30;

    private final List<Integer> tried = new ArrayList<>();
    private final AtomicLong clock = new AtomicLong();

    /** Rates by size; each trial takes a second and as many MB as it has texts. */
    private BatchSizeSearch.Choice search(Map<Integer, Double> rates, int largest, long freeBytes, double seconds) {
        return new BatchSizeSearch(largest, freeBytes, seconds, clock::get).run(size -> {
            tried.add(size);
            clock.addAndGet(1_000_000_000L);
            return new BatchSizeSearch.Trial(size, rates.getOrDefault(size, 1.0), (long) size << 20);
        });
    }

    @Test
    void takes_the_fastest_and_stops_once_two_are_slower() {
        BatchSizeSearch.Choice choice =
                search(Map.of(8, 100.0, 16, 200.0, 32, 300.0, 64, 250.0, 128, 200.0), 512, GB, 100);
        assertThat(choice.size()).isEqualTo(32);
        assertThat(tried).containsExactly(8, 16, 32, 64, 128);
        assertThat(choice.why())
                .isEqualTo("8 gave 100 tokens/s, 16 gave 200 tokens/s, 32 gave 300 tokens/s, 64 gave 250 tokens/s,"
                        + " 128 gave 200 tokens/s; larger ones are slower");
    }

    @Test
    void of_equally_fast_ones_takes_the_largest() {
        assertThat(search(Map.of(8, 100.0, 16, 298.0, 32, 300.0, 64, 295.0), 64, GB, 100)
                        .size())
                .isEqualTo(64);
    }

    @Test
    void stays_within_memory_time_and_the_number_of_texts() {
        Map<Integer, Double> rising = Map.of(8, 1.0, 16, 2.0, 32, 3.0, 64, 4.0, 128, 5.0);
        BatchSizeSearch.Choice memory = search(rising, 128, 60L << 20, 100); // 64 would take more than 42 of 60 MB
        assertThat(memory.size()).isEqualTo(32);
        assertThat(memory.why()).endsWith("larger ones would not fit the free memory");
        BatchSizeSearch.Choice time = search(rising, 128, GB, 2);
        assertThat(time.size()).isEqualTo(16);
        assertThat(time.why()).endsWith("as the time to measure was used up");
        BatchSizeSearch.Choice few = search(rising, 20, GB, 100);
        assertThat(few.size()).isEqualTo(16);
        assertThat(few.why()).endsWith("as there are too few texts for them");
    }

    @Test
    void the_smallest_is_tried_in_any_case() {
        assertThat(search(Map.of(8, 5.0), 1, 0, 0).size()).isEqualTo(BatchSizeSearch.SMALLEST);
        assertThat(tried).containsExactly(8);
    }

    @Test
    void there_is_free_memory() {
        assertThat(FreeMemory.bytes()).isGreaterThan(1 << 20);
    }
}
