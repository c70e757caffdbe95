package dev.parlance.bundle;

import dev.parlance.metric.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a reader of the scores must know, derived from the numbers of this very run. */
final class CardLimits {
    private static final int FEW_EXAMPLES = 30;

    private final int maxLength;
    private final boolean linear;
    private final boolean ensemble;
    private final String split;
    private final Report report;
    private final List<String> limits = new ArrayList<>();

    CardLimits(BundleContents contents, int maxLength) {
        this.maxLength = maxLength;
        linear = contents.isLinear();
        ensemble = contents.isEnsemble();
        split = HeadlineReport.split(contents.reports());
        report = HeadlineReport.of(contents.reports());
    }

    List<String> lines() {
        aboutScores();
        aboutLabels();
        limits.add("Every text gets one of the labels, also one that fits none of them or is in another language.");
        limits.add(
                ensemble
                        ? "What each of its models does not see, such as the end of long texts, is in the card of that"
                                + " model."
                        : linear
                                ? "It counts words and characters; their order beyond neighbours, and words that the training data"
                                        + " lacks, say nothing to it."
                                : "Texts of more than " + maxLength + " tokens are cut: what comes later is not seen.");
        limits.add("It repeats what people wrote and how they labelled it, mistakes and prejudice included; texts from"
                + " elsewhere may be judged worse than these scores say.");
        return List.copyOf(limits);
    }

    private void aboutScores() {
        Map<String, Double> metrics = report.metrics();
        Double low = metrics.get("accuracy_ci95_low");
        Double high = metrics.get("accuracy_ci95_high");
        Double baseline = metrics.get("majority_baseline_accuracy");
        if (low != null && high != null) {
            limits.add(String.format(
                    Locale.ROOT,
                    "The 95 %% interval of the accuracy, %.4f to %.4f, says what other test examples of the same kind could"
                            + " change; another training seed can change more.",
                    low,
                    high));
        }
        if (low != null && baseline != null && low <= baseline) {
            limits.add(String.format(
                    Locale.ROOT,
                    "**It is not shown to be better than always answering %s, which scores %.4f.**",
                    Markdown.escape(report.majority().label()),
                    baseline));
        }
        if (!split.equals("test")) {
            limits.add("**The scores are of the " + Markdown.escape(split) + " data, by which the best checkpoint was"
                    + " chosen: on new data they will be somewhat lower.**");
        }
        Double gap = metrics.get("expected_calibration_error");
        if (gap != null) {
            limits.add(String.format(
                    Locale.ROOT,
                    "Its probabilities are off by %.4f on average (expected calibration error, 15 bins).",
                    gap));
        }
    }

    private void aboutLabels() {
        List<Report.LabelScore> rare = report.labels().stream()
                .filter(score -> score.support() < FEW_EXAMPLES)
                .toList();
        if (!rare.isEmpty()) {
            limits.add("The scores of " + (rare.size() == 1 ? "one label rest" : rare.size() + " labels rest")
                    + " on fewer than " + FEW_EXAMPLES + " examples each and say little.");
        }
        List<Report.ConfusedPair> pairs = report.mostConfused(1);
        if (!pairs.isEmpty()) {
            Report.ConfusedPair pair = pairs.get(0);
            limits.add("Its most frequent mistake: " + Markdown.escape(pair.gold()) + " taken for "
                    + Markdown.escape(pair.predicted())
                    + (pair.count() == 1 ? " (once)." : " (" + pair.count() + " times)."));
        }
    }
}
