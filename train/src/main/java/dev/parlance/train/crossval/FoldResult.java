package dev.parlance.train.crossval;

import dev.parlance.metric.Report;

/**
 * A finished fold.
 *
 * @param number from 1
 * @param trainRows rows trained on
 * @param validationRows rows by which the checkpoint was chosen
 * @param report scores on the rows held out
 * @param model what was started from, {@code auto} resolved
 * @param bestStep step of the kept checkpoint
 * @param seconds spent training
 */
public record FoldResult(
        int number, int trainRows, int validationRows, Report report, String model, long bestStep, double seconds) {}
