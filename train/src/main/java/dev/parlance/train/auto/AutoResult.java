package dev.parlance.train.auto;

import dev.parlance.bundle.Selection;
import dev.parlance.metric.Report;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What came of it.
 *
 * @param bundle directory of the saved model
 * @param selection what was tried and how it was chosen
 * @param validation scores on the validation data, by which it was chosen
 * @param test scores on the test data, which was used once; null if there is none
 */
public record AutoResult(
        Path bundle,
        Selection selection,
        Report validation,
        @Nullable Report test) {
    /** The scores that speak for the model: those on the test data if there is any, else those on the validation data. */
    public Report report() {
        return test == null ? validation : test;
    }
}
