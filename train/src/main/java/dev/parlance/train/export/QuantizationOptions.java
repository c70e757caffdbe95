package dev.parlance.train.export;

import dev.parlance.config.UserError;

/**
 * How a graph is made to compute in 8 bits.
 *
 * @param method where the ranges of inputs come from
 * @param calibration which part of the values that calibration saw a static range covers
 * @param calibrationRows texts that calibration sees, and that the sensitivity of layers is measured on
 * @param maxScoreDrop loss of the score over which the export is refused; 1 takes any
 * @param measuredRows texts that the score is measured on, at most
 * @param maxEvaluations mixtures of 8 and 32 bits that are tried for one within {@code maxScoreDrop}
 * @param seed of the choice of texts
 */
public record QuantizationOptions(
        Method method,
        Calibration calibration,
        int calibrationRows,
        double maxScoreDrop,
        int measuredRows,
        int maxEvaluations,
        long seed) {
    /** Where the range of a layer's input comes from. */
    public enum Method {
        /** The batch itself: measured each time. */
        DYNAMIC,
        /** Texts that were seen before: the same for each batch. */
        STATIC
    }

    /** Which part of the values that were seen a range covers. */
    public enum Calibration {
        /** All. */
        MIN_MAX,
        /** All but the outermost 0.01 %, half of them at each end. */
        PERCENTILE,
        /** The part that, in 8 bits, tells most about the distribution of all: least Kullback-Leibler divergence. */
        ENTROPY
    }

    public QuantizationOptions {
        require(calibrationRows >= 1, "calibration rows", calibrationRows, "at least 1");
        require(maxScoreDrop >= 0 && maxScoreDrop <= 1, "max score drop", maxScoreDrop, "0 to 1");
        require(measuredRows >= 1, "measured rows", measuredRows, "at least 1");
        require(maxEvaluations >= 0, "evaluations", maxEvaluations, "at least 0");
    }

    /** What is measured to be best: see docs/export.md. */
    public static QuantizationOptions defaults() {
        return new QuantizationOptions(Method.DYNAMIC, Calibration.PERCENTILE, 128, 0.005, 5000, 8, 42);
    }

    private static void require(boolean holds, String what, Object found, String expected) {
        if (!holds) {
            throw new UserError(what + " is " + found + ", expected " + expected);
        }
    }
}
