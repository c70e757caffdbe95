package dev.parlance.train.search;

import dev.parlance.config.RunConfig;
import dev.parlance.metric.Report;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The score that trials are compared by.
 *
 * @param metric its name in the report, or {@code loss}, which is the mean loss
 */
public record Objective(String metric) {
    /** The mean loss, which no report has. */
    static final String LOSS = "loss";

    /** The metric by which a run of these settings chooses its best checkpoint. */
    static Objective of(RunConfig config) {
        String metric = config.training().metricForBestModel();
        return new Objective(metric == null ? "macro_f1" : metric.startsWith("eval_") ? metric.substring(5) : metric);
    }

    /** Whether a larger score means a better model. */
    public boolean greaterIsBetter() {
        return !metric.equals(LOSS) && Report.greaterIsBetter(metric);
    }

    /** A score as a number of which more is better. */
    double goodness(double score) {
        return greaterIsBetter() ? score : -score;
    }

    /** The best of the trials that were trained to their end; the first of them at a tie. */
    Optional<Trial> best(List<Trial> trials) {
        return trials.stream()
                .filter(trial -> trial.status() == Trial.Status.COMPLETE && trial.score() != null)
                .max(Comparator.comparingDouble((Trial trial) -> goodness(trial))
                        .thenComparing(Trial::number, Comparator.reverseOrder()));
    }

    /** Goodness of a trial's score; the least there is if it has none. */
    double goodness(Trial trial) {
        Double score = trial.score();
        return score == null ? Double.NEGATIVE_INFINITY : goodness(score);
    }
}
