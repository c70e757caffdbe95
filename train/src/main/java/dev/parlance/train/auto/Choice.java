package dev.parlance.train.auto;

import dev.parlance.data.Dataset;
import dev.parlance.metric.ClassificationMetrics;
import dev.parlance.metric.Report;
import dev.parlance.task.TextClassification;
import dev.parlance.train.loop.LabelProbabilities;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Which candidates answer.
 *
 * @param candidates all that were compared
 * @param weights share of each in the answer; they add up to 1
 * @param why a sentence
 */
record Choice(List<Candidate> candidates, double[] weights, String why) {
    /** Less is within the noise of the validation data, and not worth running several models for each text. */
    private static final double LEAST_GAIN = 0.002;

    /** The best candidate alone, unless several are better together. */
    static Choice among(List<Candidate> candidates, Dataset validation, TextClassification task, Comparison by) {
        int best = 0;
        for (int i = 1; i < candidates.size(); i++) {
            double gain =
                    by.gain(candidates.get(i).validation(), candidates.get(best).validation());
            best = gain > 0 ? i : best;
        }
        Candidate winner = candidates.get(best);
        double[] alone = new double[candidates.size()];
        alone[best] = 1;
        String scores = format(
                "%s scores best on the validation data, %s %.4f",
                winner.name(), by.metric(), winner.validation().metric(by.metric()));
        if (candidates.size() == 1) {
            return new Choice(candidates, alone, scores + ": it is the only candidate");
        }
        List<double[][]> probabilities =
                candidates.stream().map(Candidate::probabilities).toList();
        double[] weights = new GreedyEnsemble(probabilities, gold(validation, task)).weights();
        Choice together = new Choice(candidates, weights, scores);
        if (together.chosen().size() == 1) {
            return new Choice(candidates, alone, scores + "; no average of several has a lower log loss");
        }
        Report average = report(validation, task, GreedyEnsemble.average(probabilities, weights));
        String compared = format(
                "%s; the average of %s has %s %.4f",
                scores, together.shares(), by.metric(), average.metric(by.metric()));
        return by.gain(average, winner.validation()) < LEAST_GAIN
                ? new Choice(
                        candidates,
                        alone,
                        compared + ", not enough better to run several models for each text: " + winner.name()
                                + " alone is taken")
                : new Choice(candidates, weights, compared + " and is taken");
    }

    /** Those that answer. */
    List<Candidate> chosen() {
        List<Candidate> chosen = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] > 0) {
                chosen.add(candidates.get(i));
            }
        }
        return chosen;
    }

    /** The share of a candidate. */
    double weight(Candidate candidate) {
        return weights[candidates.indexOf(candidate)];
    }

    /** Asks those that answer, and scores the answers. */
    Report measure(Dataset data, TextClassification task) {
        List<double[][]> answers = new ArrayList<>();
        for (Candidate candidate : chosen()) {
            answers.add(LabelProbabilities.of(candidate.bundle().directory(), data.examples(), task.labels()));
        }
        double[] shares = chosen().stream().mapToDouble(this::weight).toArray();
        return report(data, task, GreedyEnsemble.average(answers, shares));
    }

    private static Report report(Dataset data, TextClassification task, double[][] probabilities) {
        return ClassificationMetrics.report(task.labels(), gold(data, task), probabilities);
    }

    private static int[] gold(Dataset data, TextClassification task) {
        return data.examples().stream().mapToInt(task::target).toArray();
    }

    /** For example {@code 0.60 minilm and 0.40 linear}. */
    private String shares() {
        List<String> shares = new ArrayList<>();
        chosen().forEach(candidate -> shares.add(format("%.2f %s", weight(candidate), candidate.name())));
        return String.join(" and ", shares);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
