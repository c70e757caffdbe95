package dev.parlance.metric;

import java.util.Map;

/** Scores of how sure a classifier is, and whether rightly so. */
final class ProbabilityMetrics {
    private static final int BINS = 15;
    private static final int TOP = 3;
    private static final int LABELS_FOR_TOP = 6;
    private static final double EPSILON = Math.ulp(1.0); // as scikit-learn clips doubles

    private final int labels;
    private final int[] gold;
    private final double[][] probabilities; // [examples][labels]

    ProbabilityMetrics(int labels, int[] gold, double[][] probabilities) {
        if (gold.length != probabilities.length) {
            throw new IllegalArgumentException(
                    gold.length + " gold labels for " + probabilities.length + " rows of probabilities");
        }
        for (double[] row : probabilities) {
            if (row.length != labels) {
                throw new IllegalArgumentException(row.length + " probabilities for " + labels + " labels");
            }
        }
        this.labels = labels;
        this.gold = gold;
        this.probabilities = probabilities;
    }

    /** The most probable label of each example, the first of them at a tie. */
    int[] predicted() {
        int[] predicted = new int[probabilities.length];
        for (int i = 0; i < predicted.length; i++) {
            predicted[i] = argmax(probabilities[i]);
        }
        return predicted;
    }

    void addTo(Map<String, Double> metrics) {
        if (labels >= LABELS_FOR_TOP) {
            metrics.put("top_" + TOP + "_accuracy", topAccuracy());
        }
        metrics.put("log_loss", logLoss());
        metrics.put("expected_calibration_error", calibrationError());
    }

    /** Share of examples whose gold label is among the {@value #TOP} most probable; earlier labels win ties. */
    private double topAccuracy() {
        int hits = 0;
        for (int i = 0; i < gold.length; i++) {
            double[] row = probabilities[i];
            int better = 0;
            for (int label = 0; label < labels; label++) {
                if (row[label] > row[gold[i]] || (row[label] == row[gold[i]] && label < gold[i])) {
                    better++;
                }
            }
            hits += better < TOP ? 1 : 0;
        }
        return (double) hits / gold.length;
    }

    /** Mean negative natural logarithm of the gold label's probability. */
    private double logLoss() {
        double sum = 0;
        for (int i = 0; i < gold.length; i++) {
            sum -= Math.log(Math.min(1 - EPSILON, Math.max(EPSILON, probabilities[i][gold[i]])));
        }
        return sum / gold.length;
    }

    /**
     * Gap between confidence and accuracy, averaged over {@value #BINS} bins of equal width, ({@code low}, {@code high}].
     * C. Guo et al. (2017), On Calibration of Modern Neural Networks, equation 3.
     */
    private double calibrationError() {
        double[] surplus = new double[BINS];
        for (int i = 0; i < gold.length; i++) {
            int predicted = argmax(probabilities[i]);
            double confidence = probabilities[i][predicted];
            int bin = Math.min(BINS - 1, Math.max(0, (int) Math.ceil(confidence * BINS) - 1));
            surplus[bin] += confidence - (predicted == gold[i] ? 1 : 0);
        }
        double sum = 0;
        for (double gap : surplus) {
            sum += Math.abs(gap);
        }
        return sum / gold.length;
    }

    private static int argmax(double[] row) {
        int best = 0;
        for (int label = 1; label < row.length; label++) {
            if (row[label] > row[best]) {
                best = label;
            }
        }
        return best;
    }
}
