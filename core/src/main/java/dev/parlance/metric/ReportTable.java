package dev.parlance.metric;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A report as plain text. */
final class ReportTable {
    private static final int MATRIX_LABELS = 20;
    private static final int PAIRS = 10;
    private static final int NUMBER_COLUMNS = 40; // width of precision, recall, f1 and support

    private final Report report;
    private final int width;
    private final StringBuilder out = new StringBuilder();

    ReportTable(Report report, int width) {
        this.report = report;
        this.width = width;
    }

    String render() {
        summary();
        scores();
        otherMetrics();
        if (matrixWidth() <= width && report.labels().size() <= MATRIX_LABELS) {
            matrix();
        } else {
            pairs();
        }
        return out.toString();
    }

    private void summary() {
        Map<String, Double> metrics = report.metrics();
        line("accuracy " + share("accuracy") + " on " + grouped(report.examples()) + " examples");
        if (metrics.containsKey("accuracy_ci95_low")) {
            line("         95 % interval " + share("accuracy_ci95_low") + " to " + share("accuracy_ci95_high"));
        }
        if (metrics.containsKey("majority_baseline_accuracy")) {
            String label = DisplayWidth.fit(report.majority().label(), width - 40);
            line("         always answering '" + label + "': " + share("majority_baseline_accuracy"));
        }
    }

    private void scores() {
        int labelWidth = Math.min(width - NUMBER_COLUMNS, Math.max(16, widestLabel()));
        line("");
        line(DisplayWidth.left("label", labelWidth) + " precision    recall        f1  support");
        for (Report.LabelScore score : report.labels()) {
            row(score.label(), labelWidth, score.precision(), score.recall(), score.f1(), score.support());
        }
        average("macro", labelWidth);
        average("weighted", labelWidth);
    }

    private void average(String kind, int labelWidth) {
        Map<String, Double> metrics = report.metrics();
        Double precision = metrics.get(kind + "_precision");
        Double recall = metrics.get(kind + "_recall");
        Double f1 = metrics.get(kind + "_f1");
        if (precision != null && recall != null && f1 != null) {
            row(kind + " average", labelWidth, precision, recall, f1, report.examples());
        }
    }

    private void row(String label, int labelWidth, double precision, double recall, double f1, int support) {
        line(DisplayWidth.left(DisplayWidth.fit(label, labelWidth), labelWidth)
                + String.format(Locale.ROOT, " %9.4f %9.4f %9.4f %8s", precision, recall, f1, grouped(support)));
    }

    /** What is neither in the summary nor in the table of scores. */
    private void otherMetrics() {
        List<String> shown = List.of("accuracy", "majority_baseline_accuracy");
        line("");
        for (String name : report.metrics().keySet()) {
            boolean average = name.startsWith("macro_") || name.startsWith("micro_") || name.startsWith("weighted_");
            if (!shown.contains(name) && !average && !name.startsWith("accuracy_ci95")) {
                line(DisplayWidth.left(name.replace('_', ' '), 26) + " " + share(name));
            }
        }
    }

    private void matrix() {
        int size = report.labels().size();
        int cell = cellWidth();
        int labelWidth = matrixLabelWidth();
        line("");
        line("confusion matrix: rows are gold, columns are predicted");
        StringBuilder header = new StringBuilder(" ".repeat(labelWidth));
        for (int label = 1; label <= size; label++) {
            header.append(DisplayWidth.right(Integer.toString(label), cell));
        }
        line(header.toString());
        for (int gold = 0; gold < size; gold++) {
            StringBuilder row =
                    new StringBuilder(DisplayWidth.left(DisplayWidth.fit(numbered(gold), labelWidth), labelWidth));
            for (int count : report.confusion()[gold]) {
                row.append(DisplayWidth.right(count == 0 ? "." : Integer.toString(count), cell));
            }
            line(row.toString());
        }
    }

    private void pairs() {
        List<Report.ConfusedPair> pairs = report.mostConfused(PAIRS);
        line("");
        line(pairs.isEmpty() ? "no label was taken for another" : "most often confused");
        int room = (width - 10 - " taken for ".length()) / 2;
        for (Report.ConfusedPair pair : pairs) {
            line(DisplayWidth.right(grouped(pair.count()), 8) + "  " + DisplayWidth.fit(pair.gold(), room)
                    + " taken for " + DisplayWidth.fit(pair.predicted(), room));
        }
    }

    private int matrixWidth() {
        return matrixLabelWidth() + report.labels().size() * cellWidth();
    }

    private int matrixLabelWidth() {
        return Math.min(width / 3, widestLabel() + 3);
    }

    private int cellWidth() {
        int most = 1;
        for (int[] row : report.confusion()) {
            for (int count : row) {
                most = Math.max(most, Integer.toString(count).length());
            }
        }
        return Math.max(most, Integer.toString(report.labels().size()).length()) + 2;
    }

    private String numbered(int label) {
        int digits = Integer.toString(report.labels().size()).length();
        return DisplayWidth.right(Integer.toString(label + 1), digits) + " "
                + report.labels().get(label).label();
    }

    private int widestLabel() {
        List<Integer> widths = new ArrayList<>();
        report.labels().forEach(score -> widths.add(DisplayWidth.of(score.label())));
        return widths.stream().max(Integer::compare).orElse(0);
    }

    private String share(String metric) {
        return String.format(Locale.ROOT, "%.4f", report.metric(metric));
    }

    private static String grouped(int number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private void line(String text) {
        out.append(text.stripTrailing()).append('\n');
    }
}
