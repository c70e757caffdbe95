package dev.parlance.train.loop;

import dev.parlance.config.TrainingArguments;
import dev.parlance.metric.Report;

/**
 * The number by which the best checkpoint is chosen.
 *
 * @param name in the report, or {@code loss}, which is the mean loss on the validation data
 */
record BestMetric(String name) {
    private static final String LOSS = "loss";

    static BestMetric of(TrainingArguments arguments) {
        String name = arguments.metricForBestModel();
        return new BestMetric(name == null ? "macro_f1" : name.startsWith("eval_") ? name.substring(5) : name);
    }

    /**
     * The number of a measurement.
     *
     * @throws dev.parlance.config.UserError if the report has none of that name
     */
    double value(double loss, Report report) {
        return name.equals(LOSS) ? loss : report.metric(name);
    }

    boolean greaterIsBetter() {
        return !name.equals(LOSS) && Report.greaterIsBetter(name);
    }
}
