package dev.parlance.train.loop;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Finds the batch size with the most tokens a second: tries one size after the other, each twice the one before, until memory
 * or time would run out or sizes only get slower.
 */
final class BatchSizeSearch {
    static final int SMALLEST = 8;

    /** Rates that are this close to the best count as equal to it. */
    private static final double EQUAL = 0.97;

    /** Share of the free memory that a batch may take: other processes want some, and real batches may take more. */
    private static final double USABLE = 0.7;

    private static final int SLOWER_IN_A_ROW = 2;

    private final int largest;
    private final long freeBytes;
    private final double seconds;
    private final LongSupplier nanoTime;
    private final List<Trial> trials = new ArrayList<>();

    /**
     * A size that was tried.
     *
     * @param size examples of a batch
     * @param tokensPerSecond real tokens, padding not counted
     * @param bytes memory that the largest batch took
     */
    record Trial(int size, double tokensPerSecond, long bytes) {}

    /** The size that was found, and in words why. */
    record Choice(int size, String why) {}

    /**
     * A search from {@link #SMALLEST} to a largest size.
     *
     * @param freeBytes memory that may be taken
     * @param seconds after which no further size is tried
     * @param nanoTime a clock
     */
    BatchSizeSearch(int largest, long freeBytes, double seconds, LongSupplier nanoTime) {
        this.largest = largest;
        this.freeBytes = freeBytes;
        this.seconds = seconds;
        this.nanoTime = nanoTime;
    }

    /** The largest of the sizes that are as fast as the fastest; the smallest is tried in any case. */
    Choice run(IntFunction<Trial> measure) {
        long end = nanoTime.getAsLong() + (long) (seconds * 1e9);
        String ending = "larger ones were not tried, as there are too few texts for them";
        for (int size = SMALLEST; trials.isEmpty() || size <= largest; size *= 2) {
            if (!trials.isEmpty() && nanoTime.getAsLong() >= end) {
                ending = "larger ones were not tried, as the time to measure was used up";
                break;
            }
            if (!trials.isEmpty() && 2 * last().bytes() > USABLE * freeBytes) {
                ending = "larger ones would not fit the free memory";
                break;
            }
            trials.add(measure.apply(size));
            if (slower() >= SLOWER_IN_A_ROW) {
                ending = "larger ones are slower";
                break;
            }
        }
        double enough = best() * EQUAL;
        int size = trials.stream()
                .filter(trial -> trial.tokensPerSecond() >= enough)
                .max(Comparator.comparingInt(Trial::size))
                .orElseThrow()
                .size();
        return new Choice(size, rates() + "; " + ending);
    }

    private Trial last() {
        return trials.get(trials.size() - 1);
    }

    private double best() {
        return trials.stream().mapToDouble(Trial::tokensPerSecond).max().orElseThrow();
    }

    /** How many of the last trials are slower than the best. */
    private int slower() {
        int count = 0;
        while (count < trials.size() && trials.get(trials.size() - 1 - count).tokensPerSecond() < best() * EQUAL) {
            count++;
        }
        return count;
    }

    private String rates() {
        return trials.stream()
                .map(trial ->
                        String.format(Locale.ROOT, "%d gave %,.0f tokens/s", trial.size(), trial.tokensPerSecond()))
                .collect(Collectors.joining(", "));
    }
}
