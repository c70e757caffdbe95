package dev.parlance.train.track;

import java.util.Arrays;

/**
 * How the numbers of a tensor are distributed, four buckets to each power of two. A number's bucket is read off its bits
 * (exponent and two bits of the mantissa), so that 20 million of them take well under a second.
 *
 * @param min least finite number; 0 if there is none
 * @param max greatest finite number; 0 if there is none
 * @param count how many finite numbers
 * @param sum of them
 * @param sumOfSquares of them
 * @param limits upper edge of each bucket, rising; a bucket begins where the one before ends
 * @param counts numbers in each bucket
 * @param notFinite how many numbers are infinite or none; they are in no bucket
 */
record Histogram(
        double min,
        double max,
        long count,
        double sum,
        double sumOfSquares,
        double[] limits,
        double[] counts,
        long notFinite) {
    private static final int SHIFT = 23 - 2; // a float's mantissa has 23 bits
    private static final int BUCKETS = 255 << 2; // exponent 255 is for what is not finite

    static Histogram of(float[] numbers) {
        long[] buckets = new long[2 * BUCKETS]; // negative numbers first, those far from 0 before those near
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        double sum = 0;
        double sumOfSquares = 0;
        long notFinite = 0;
        for (float number : numbers) {
            int bits = Float.floatToRawIntBits(number);
            int bucket = (bits & 0x7fffffff) >>> SHIFT;
            if (bucket >= BUCKETS) {
                notFinite++;
                continue;
            }
            buckets[number < 0 ? BUCKETS - 1 - bucket : BUCKETS + bucket]++;
            min = Math.min(min, number);
            max = Math.max(max, number);
            sum += number;
            sumOfSquares += (double) number * number;
        }
        long count = numbers.length - notFinite;
        return count == 0
                ? new Histogram(0, 0, 0, 0, 0, new double[] {0}, new double[] {0}, notFinite)
                : filled(min, max, count, sum, sumOfSquares, buckets, notFinite);
    }

    /** From the first to the last bucket with numbers; runs of empty ones become one. */
    private static Histogram filled(
            double min, double max, long count, double sum, double sumOfSquares, long[] buckets, long notFinite) {
        double[] limits = new double[buckets.length];
        double[] counts = new double[buckets.length];
        int size = 0;
        int last = buckets.length - 1;
        while (buckets[last] == 0) {
            last--;
        }
        for (int i = 0; i <= last; i++) {
            if (buckets[i] > 0 || (i < last && buckets[i + 1] > 0)) {
                limits[size] = limit(i);
                counts[size++] = buckets[i];
            }
        }
        return new Histogram(
                min,
                max,
                count,
                sum,
                sumOfSquares,
                Arrays.copyOf(limits, size),
                Arrays.copyOf(counts, size),
                notFinite);
    }

    private static double limit(int bucket) {
        return bucket < BUCKETS
                ? -edge(BUCKETS - 1 - bucket) + 0.0 // no negative zero
                : edge(bucket - BUCKETS + 1);
    }

    /** The least float of a bucket of positive numbers. */
    private static double edge(int bucket) {
        return bucket == BUCKETS ? Float.MAX_VALUE : Float.intBitsToFloat(bucket << SHIFT);
    }
}
