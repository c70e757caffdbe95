package dev.parlance.metric;

import java.util.List;
import java.util.Map;

/**
 * What a model scores on a data set.
 *
 * @param examples number of examples
 * @param metrics named numbers in a stable order, for example {@code accuracy}, {@code macro_f1}
 * @param labels scores of each label in the order of the confusion matrix
 * @param confusion {@code [gold][predicted]} counts
 */
public record Report(int examples, Map<String, Double> metrics, List<LabelScore> labels, int[][] confusion) {
    /**
     * Scores of one label.
     *
     * @param label the label's name
     * @param precision in [0, 1]; 0 if the label was never predicted
     * @param recall in [0, 1]; 0 if the label never occurs
     * @param f1 harmonic mean of the two
     * @param support how often the label is gold
     */
    public record LabelScore(String label, double precision, double recall, double f1, int support) {}
}
