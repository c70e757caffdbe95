package dev.parlance.train.auto;

import dev.parlance.config.RunConfig;
import dev.parlance.metric.Report;

/**
 * By what candidates are compared.
 *
 * @param metric a number in their reports: {@code training.metric_for_best_model}, or macro-F1
 */
record Comparison(String metric) {
    static Comparison of(RunConfig config) {
        String asked = config.training().metricForBestModel();
        String name = asked == null ? "macro_f1" : asked.startsWith("eval_") ? asked.substring(5) : asked;
        return new Comparison(name.equals("loss") ? "log_loss" : name);
    }

    /** By how much the first is better; negative if it is worse. */
    double gain(Report one, Report other) {
        double difference = one.metric(metric) - other.metric(metric);
        return Report.greaterIsBetter(metric) ? difference : -difference;
    }
}
