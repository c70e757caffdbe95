package dev.parlance.metric;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Scores of single-label classification, equal to scikit-learn's with {@code zero_division=0}.
 *
 * <p>As there, macro averages run over the labels that occur in the gold or in the predicted labels: a label of the model
 * that does neither is listed with zeros, but does not pull the average down. Balanced accuracy averages the recall of the
 * labels that occur in gold. The micro averages equal the accuracy, since each text has exactly one label.
 */
public final class ClassificationMetrics {
    private final List<String> labels;
    private final int examples;
    private final int[][] confusion; // [gold][predicted]
    private final int[] goldCounts;
    private final int[] predictedCounts;

    private ClassificationMetrics(List<String> labels, int[] gold, int[] predicted) {
        if (gold.length != predicted.length || gold.length == 0) {
            throw new IllegalArgumentException(gold.length + " gold and " + predicted.length
                    + " predicted labels, expected as many and at least 1");
        }
        this.labels = List.copyOf(labels);
        examples = gold.length;
        confusion = new int[labels.size()][labels.size()];
        goldCounts = new int[labels.size()];
        predictedCounts = new int[labels.size()];
        for (int i = 0; i < gold.length; i++) {
            confusion[gold[i]][predicted[i]]++;
            goldCounts[gold[i]]++;
            predictedCounts[predicted[i]]++;
        }
    }

    /**
     * Scores that need only the labels.
     *
     * @param labels names of the labels
     * @param gold index of each example's true label
     * @param predicted index of each example's predicted label
     */
    public static Report report(List<String> labels, int[] gold, int[] predicted) {
        return new ClassificationMetrics(labels, gold, predicted).report(null);
    }

    /**
     * All scores; the predicted label is the most probable one, the first of them at a tie. Adds {@code log_loss},
     * {@code expected_calibration_error} and, with more than five labels, {@code top_3_accuracy}.
     *
     * @param labels names of the labels
     * @param gold index of each example's true label
     * @param probabilities {@code [examples][labels]}, each row sums to 1
     */
    public static Report report(List<String> labels, int[] gold, double[][] probabilities) {
        ProbabilityMetrics sure = new ProbabilityMetrics(labels.size(), gold, probabilities);
        return new ClassificationMetrics(labels, gold, sure.predicted()).report(sure);
    }

    private Report report(@Nullable ProbabilityMetrics sure) {
        List<Report.LabelScore> scores = new ArrayList<>();
        for (int label = 0; label < labels.size(); label++) {
            scores.add(score(label));
        }
        Map<String, Double> metrics = new LinkedHashMap<>();
        double accuracy = ratio(correct(), examples);
        metrics.put("accuracy", accuracy);
        addInterval(metrics);
        metrics.put("majority_baseline_accuracy", ratio(max(goldCounts), examples));
        metrics.put("balanced_accuracy", balancedAccuracy(scores));
        addMacro(metrics, scores);
        metrics.put("micro_precision", accuracy);
        metrics.put("micro_recall", accuracy);
        metrics.put("micro_f1", accuracy);
        addWeighted(metrics, scores);
        metrics.put("matthews_correlation", matthewsCorrelation());
        metrics.put("cohen_kappa", cohenKappa());
        if (sure != null) {
            sure.addTo(metrics);
        }
        return new Report(examples, metrics, scores, confusion);
    }

    private Report.LabelScore score(int label) {
        int correct = confusion[label][label];
        return new Report.LabelScore(
                labels.get(label),
                ratio(correct, predictedCounts[label]),
                ratio(correct, goldCounts[label]),
                ratio(2.0 * correct, predictedCounts[label] + goldCounts[label]),
                goldCounts[label]);
    }

    /**
     * 95 % score interval of the accuracy. E. B. Wilson (1927), Probable Inference, the Law of Succession, and Statistical
     * Inference, JASA 22. It covers the drawing of the test data, not the randomness of training.
     */
    private void addInterval(Map<String, Double> metrics) {
        double z = 1.959963984540054; // 97.5 % point of the normal distribution
        double n = examples;
        double share = correct() / n;
        double centre = (share + z * z / (2 * n)) / (1 + z * z / n);
        double half = z / (1 + z * z / n) * Math.sqrt(share * (1 - share) / n + z * z / (4 * n * n));
        metrics.put("accuracy_ci95_low", Math.max(0, centre - half));
        metrics.put("accuracy_ci95_high", Math.min(1, centre + half));
    }

    private double balancedAccuracy(List<Report.LabelScore> scores) {
        return scores.stream()
                .filter(score -> score.support() > 0)
                .mapToDouble(Report.LabelScore::recall)
                .average()
                .orElseThrow();
    }

    private void addMacro(Map<String, Double> metrics, List<Report.LabelScore> scores) {
        double precision = 0;
        double recall = 0;
        double f1 = 0;
        int occurring = 0;
        for (int label = 0; label < scores.size(); label++) {
            if (goldCounts[label] + predictedCounts[label] > 0) {
                precision += scores.get(label).precision();
                recall += scores.get(label).recall();
                f1 += scores.get(label).f1();
                occurring++;
            }
        }
        metrics.put("macro_precision", precision / occurring);
        metrics.put("macro_recall", recall / occurring);
        metrics.put("macro_f1", f1 / occurring);
    }

    private void addWeighted(Map<String, Double> metrics, List<Report.LabelScore> scores) {
        double precision = 0;
        double recall = 0;
        double f1 = 0;
        for (Report.LabelScore score : scores) {
            precision += score.precision() * score.support();
            recall += score.recall() * score.support();
            f1 += score.f1() * score.support();
        }
        metrics.put("weighted_precision", precision / examples);
        metrics.put("weighted_recall", recall / examples);
        metrics.put("weighted_f1", f1 / examples);
    }

    /** J. Gorodkin (2004), Comparing two K-category assignments by a K-category correlation coefficient; 0 if undefined. */
    private double matthewsCorrelation() {
        double n = examples;
        double goldPredicted = correct() * n - dot(goldCounts, predictedCounts);
        double predicted = n * n - dot(predictedCounts, predictedCounts);
        double gold = n * n - dot(goldCounts, goldCounts);
        return predicted * gold == 0 ? 0 : goldPredicted / Math.sqrt(predicted * gold);
    }

    /** J. Cohen (1960), A coefficient of agreement for nominal scales; 0 where scikit-learn gives NaN (one label only). */
    private double cohenKappa() {
        double byChance = dot(goldCounts, predictedCounts) / examples;
        return examples == byChance ? 0 : 1 - (examples - correct()) / (examples - byChance);
    }

    private int correct() {
        int correct = 0;
        for (int label = 0; label < confusion.length; label++) {
            correct += confusion[label][label];
        }
        return correct;
    }

    private static double dot(int[] a, int[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    private static int max(int[] counts) {
        int max = 0;
        for (int count : counts) {
            max = Math.max(max, count);
        }
        return max;
    }

    private static double ratio(double part, double whole) {
        return whole == 0 ? 0 : part / whole;
    }
}
