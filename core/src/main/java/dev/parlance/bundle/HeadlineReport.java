package dev.parlance.bundle;

import dev.parlance.metric.Report;
import java.util.Map;

/** Which of a bundle's reports speaks for it: that of the test data, else that of the validation data. */
final class HeadlineReport {
    private HeadlineReport() {}

    static String split(Map<String, Report> reports) {
        if (reports.containsKey("test")) {
            return "test";
        }
        return reports.containsKey("validation")
                ? "validation"
                : reports.keySet().iterator().next();
    }

    static Report of(Map<String, Report> reports) {
        Report report = reports.get(split(reports));
        if (report == null) {
            throw new IllegalArgumentException("there is no report");
        }
        return report;
    }
}
