package dev.parlance.train.export;

/** How often which values were seen: first the ends are found, then values are counted between them. */
final class ValueHistogram {
    private static final int BINS = 2048;
    private static final int LEVELS = 256;
    private static final double OUTERMOST = 1e-4;
    private static final float NARROWEST = 1e-6f;

    private final long[] counts = new long[BINS];
    private float min;
    private float max;

    /** Takes in the ends; 0 is always within them. */
    void widen(float[] values) {
        for (float value : values) {
            min = Math.min(min, value);
            max = Math.max(max, value);
        }
    }

    /** Counts values that {@link #widen} has seen. */
    void count(float[] values) {
        double perBin = (max - min) / (double) BINS;
        for (float value : values) {
            int bin = perBin == 0 ? 0 : (int) ((value - min) / perBin);
            counts[Math.min(Math.max(bin, 0), BINS - 1)]++;
        }
    }

    InputRange range(QuantizationOptions.Calibration calibration) {
        if (max - min < NARROWEST) {
            return new InputRange(0, 1);
        }
        return switch (calibration) {
            case MIN_MAX -> new InputRange(min, max);
            case PERCENTILE -> percentile();
            case ENTROPY -> leastDivergence();
        };
    }

    private InputRange percentile() {
        long total = total();
        long outside = (long) (total * OUTERMOST / 2);
        int low = 0;
        for (long seen = counts[0]; seen <= outside && low < BINS - 1; low++) {
            seen += counts[low + 1];
        }
        int high = BINS - 1;
        for (long seen = counts[high]; seen <= outside && high > low; high--) {
            seen += counts[high - 1];
        }
        return around0(edge(low), edge(high + 1));
    }

    /**
     * Cuts off what is farther from 0 than a bound, which goes from all to a tenth, and keeps the range whose values, rounded
     * to {@value #LEVELS} levels, are distributed most like the values themselves. After Migacz, 8-bit Inference with TensorRT,
     * 2017.
     */
    private InputRange leastDivergence() {
        double best = Double.POSITIVE_INFINITY;
        InputRange range = new InputRange(min, max);
        float farthest = Math.max(-min, max);
        for (int percent = 100; percent >= 10; percent -= 2) {
            float bound = farthest * percent / 100;
            InputRange candidate = around0(Math.max(min, -bound), Math.min(max, bound));
            double divergence = divergence(candidate);
            if (divergence < best) {
                best = divergence;
                range = candidate;
            }
        }
        return range;
    }

    private double divergence(InputRange range) {
        int low = bin(range.min());
        int high = Math.max(low + 1, bin(range.max()) + 1);
        double[] clipped = new double[high - low];
        for (int i = 0; i < BINS; i++) {
            clipped[Math.min(Math.max(i, low), high - 1) - low] += counts[i];
        }
        double total = total();
        double divergence = 0;
        for (int level = 0; level < LEVELS; level++) {
            int from = (int) ((long) level * clipped.length / LEVELS);
            int to = (int) ((long) (level + 1) * clipped.length / LEVELS);
            double inside = 0; // what was really there, without what was cut off and added to the ends
            int filled = 0;
            for (int i = from; i < to; i++) {
                inside += counts[low + i];
                filled += clipped[i] > 0 ? 1 : 0;
            }
            for (int i = from; i < to; i++) {
                double p = clipped[i] / total;
                double q = Math.max(inside / filled / total, 1e-12);
                divergence += p > 0 ? p * Math.log(p / q) : 0;
            }
        }
        return divergence;
    }

    private int bin(float value) {
        return Math.min(Math.max((int) ((value - min) / (double) (max - min) * BINS), 0), BINS - 1);
    }

    private float edge(int bin) {
        return (float) (min + (max - min) * (double) bin / BINS);
    }

    private long total() {
        long total = 0;
        for (long count : counts) {
            total += count;
        }
        return total;
    }

    private static InputRange around0(float low, float high) {
        float lowest = Math.min(low, 0);
        float highest = Math.max(high, 0);
        return highest - lowest < NARROWEST ? new InputRange(0, 1) : new InputRange(lowest, highest);
    }
}
