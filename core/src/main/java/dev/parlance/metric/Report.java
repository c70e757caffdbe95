package dev.parlance.metric;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.Spelling;
import dev.parlance.config.UserError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a model scores on a data set.
 *
 * @param examples number of examples, at least 1
 * @param metrics named finite numbers in a stable order, for example {@code accuracy}, {@code macro_f1}
 * @param labels scores of each label in the order of the confusion matrix
 * @param confusion {@code [gold][predicted]} counts; not copied, treat as read-only
 */
public record Report(int examples, Map<String, Double> metrics, List<LabelScore> labels, int[][] confusion) {
    private static final Set<String> LOWER_IS_BETTER = Set.of("log_loss", "expected_calibration_error");

    public Report {
        metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
        labels = List.copyOf(labels);
        int size = labels.size();
        if (confusion.length != size || Arrays.stream(confusion).anyMatch(row -> row.length != size)) {
            throw new IllegalArgumentException("the confusion matrix must be square with a row for each of the " + size
                    + " labels, found " + confusion.length + " rows");
        }
        metrics.forEach((name, value) -> {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException(name + " is " + value + ", expected a finite number");
            }
        });
    }

    /**
     * Scores of one label.
     *
     * @param label the label's name
     * @param precision in [0, 1]; 0 if the label was never predicted
     * @param recall in [0, 1]; 0 if the label never occurs
     * @param f1 harmonic mean of the two; 0 if both are
     * @param support how often the label is gold
     */
    public record LabelScore(String label, double precision, double recall, double f1, int support) {}

    /**
     * Two labels of which one was taken for the other.
     *
     * @param gold the true label
     * @param predicted the label that was predicted instead
     * @param count how often
     */
    public record ConfusedPair(String gold, String predicted, int count) {}

    /**
     * The number of that name; the prefix {@code eval_}, which Hugging Face's trainer allows, is ignored.
     *
     * @throws UserError if the report has no such number
     */
    public double metric(String name) {
        String key = name.startsWith("eval_") ? name.substring("eval_".length()) : name;
        Double value = metrics.get(key);
        if (value == null) {
            String hint = Spelling.nearest(key, metrics.keySet())
                    .map(near -> "; did you mean " + near + "?")
                    .orElse("");
            throw new UserError(
                    "there is no metric '" + name + "', expected one of " + String.join(", ", metrics.keySet()) + hint);
        }
        return value;
    }

    /** Whether a larger number of that name means a better model. */
    public static boolean greaterIsBetter(String name) {
        return !LOWER_IS_BETTER.contains(name.startsWith("eval_") ? name.substring("eval_".length()) : name);
    }

    /** The label that is gold most often; the first of them if there are several. */
    public LabelScore majority() {
        return labels.stream()
                .max(Comparator.comparingInt(LabelScore::support)
                        .thenComparing(labels::indexOf, Comparator.reverseOrder()))
                .orElseThrow();
    }

    /** The label pairs that were mistaken most often, most frequent first, ties in the order of the labels. */
    public List<ConfusedPair> mostConfused(int limit) {
        List<ConfusedPair> pairs = new ArrayList<>();
        for (int gold = 0; gold < confusion.length; gold++) {
            for (int predicted = 0; predicted < confusion.length; predicted++) {
                if (gold != predicted && confusion[gold][predicted] > 0) {
                    pairs.add(new ConfusedPair(
                            labels.get(gold).label(), labels.get(predicted).label(), confusion[gold][predicted]));
                }
            }
        }
        pairs.sort(Comparator.comparingInt(ConfusedPair::count).reversed());
        return List.copyOf(pairs.subList(0, Math.min(limit, pairs.size())));
    }

    /** The report as {@code report.json} holds it; {@link #fromJson} reads it back. */
    public ObjectNode toJson() {
        return ReportJson.write(this);
    }

    /**
     * Reads what {@link #toJson} wrote.
     *
     * @throws UserError if a key is missing or has another type
     */
    public static Report fromJson(ObjectNode json) {
        return ReportJson.read(json);
    }

    /**
     * The report as plain text for a terminal, lines ended by a line feed. Wide (Chinese) labels stay aligned, long ones
     * are cut, control characters are replaced. With more than 20 labels the most confused pairs stand for the matrix.
     *
     * @param width columns of the terminal; less than 60 is taken for 60
     */
    public String toTable(int width) {
        return new ReportTable(this, Math.max(60, width)).render();
    }

    /** The report as a page of its own that needs no network; labels are escaped. */
    public String toHtml() {
        return new ReportHtml(this).render();
    }
}
