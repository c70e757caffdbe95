package dev.parlance.train.track;

import dev.parlance.metric.ClassificationMetrics;
import dev.parlance.metric.Report;
import java.util.List;

/** Small reports. */
final class Reports {
    private Reports() {}

    /** Of two labels, so many right and so many wrong. */
    static Report of(int right, int wrong) {
        int[] gold = new int[right + wrong];
        int[] predicted = new int[right + wrong];
        for (int i = 0; i < gold.length; i++) {
            gold[i] = i % 2;
            predicted[i] = i < right ? gold[i] : 1 - gold[i];
        }
        return ClassificationMetrics.report(List.of("bad", "good"), gold, predicted);
    }
}
