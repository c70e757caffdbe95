package dev.parlance.metric;

import java.util.Arrays;
import java.util.Locale;

/** A report as one HTML page without scripts, fonts or images from elsewhere. */
final class ReportHtml {
    private static final int MATRIX_LABELS = 40;
    private static final int PAIRS = 20;
    private static final String HEAD = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>Evaluation report</title>
            <meta name="viewport" content="width=device-width,initial-scale=1">
            <style>
            body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem;color:#222;background:#fff}
            table{border-collapse:collapse;margin:1rem 0}th,td{padding:.25rem .7rem;border-bottom:1px solid #ddd;text-align:right}
            th:first-child,td:first-child{text-align:left}thead th{border-bottom:2px solid #888}.wide{overflow-x:auto}
            .matrix td{border:1px solid #eee}
            </style></head><body>
            """;

    private final Report report;
    private final StringBuilder out = new StringBuilder(HEAD);

    ReportHtml(Report report) {
        this.report = report;
    }

    String render() {
        out.append("<h1>Evaluation report</h1>\n<p>").append(report.examples()).append(" examples, ");
        out.append(report.labels().size()).append(" labels; the most frequent one is <b>");
        out.append(escape(report.majority().label())).append("</b>.</p>\n");
        metrics();
        scores();
        if (report.labels().size() <= MATRIX_LABELS) {
            matrix();
        }
        pairs();
        return out.append("</body></html>\n").toString();
    }

    private void metrics() {
        out.append("<h2>Scores</h2>\n<table><tbody>\n");
        report.metrics().forEach((name, value) -> row(escape(name), number(value)));
        out.append("</tbody></table>\n");
    }

    private void scores() {
        out.append("<h2>Labels</h2>\n<table>");
        header("label", "precision", "recall", "f1", "support");
        for (Report.LabelScore score : report.labels()) {
            row(
                    escape(score.label()),
                    number(score.precision()),
                    number(score.recall()),
                    number(score.f1()),
                    Integer.toString(score.support()));
        }
        out.append("</tbody></table>\n");
    }

    private void matrix() {
        out.append("<h2>Confusion matrix</h2>\n<p>Rows are gold, columns are predicted.</p>\n");
        out.append("<div class=\"wide\"><table class=\"matrix\">");
        String[] names = new String[report.labels().size() + 1];
        names[0] = "";
        for (int i = 1; i < names.length; i++) {
            names[i] = escape(report.labels().get(i - 1).label());
        }
        header(names);
        for (int gold = 0; gold < report.confusion().length; gold++) {
            int[] counts = report.confusion()[gold];
            out.append("<tr><td>").append(names[gold + 1]).append("</td>");
            for (int predicted = 0; predicted < counts.length; predicted++) {
                cell(counts[predicted], report.labels().get(gold).support(), gold == predicted);
            }
            out.append("</tr>\n");
        }
        out.append("</tbody></table></div>\n");
    }

    /** Blue is right, red is wrong, the more the darker. */
    private void cell(int count, int support, boolean right) {
        double share = support == 0 ? 0 : (double) count / support;
        out.append(String.format(
                Locale.ROOT,
                "<td style=\"background:rgba(%s,%.2f)\">%d</td>",
                right ? "70,130,220" : "220,80,60",
                share * 0.6,
                count));
    }

    private void pairs() {
        out.append("<h2>Most often confused</h2>\n<table>");
        header("gold", "predicted", "count");
        for (Report.ConfusedPair pair : report.mostConfused(PAIRS)) {
            row(escape(pair.gold()), escape(pair.predicted()), Integer.toString(pair.count()));
        }
        out.append("</tbody></table>\n");
    }

    private void header(String... escaped) {
        out.append("<thead><tr>");
        Arrays.stream(escaped).forEach(cell -> out.append("<th>").append(cell).append("</th>"));
        out.append("</tr></thead><tbody>\n");
    }

    private void row(String... escaped) {
        out.append("<tr>");
        Arrays.stream(escaped).forEach(cell -> out.append("<td>").append(cell).append("</td>"));
        out.append("</tr>\n");
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
