package dev.parlance.task;

import dev.parlance.config.Spelling;
import dev.parlance.config.UserError;
import dev.parlance.data.Annotation;
import dev.parlance.data.Example;
import dev.parlance.data.Labels;
import dev.parlance.data.Labels.ScoredLabel;
import dev.parlance.metric.ClassificationMetrics;
import dev.parlance.metric.Report;
import dev.parlance.tokenize.Encoding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Exactly one label for a text or a pair of texts: Hugging Face's {@code single_label_classification}. Immutable.
 *
 * <p>A gold label that the model does not know is refused, in training as in evaluation. Counting it as an error would blame
 * the model for what is nearly always a misspelt label or the wrong file.
 */
public final class TextClassification implements LabelTask {
    private static final int NAMED_LABELS = 20;

    private final List<String> labels;
    private final Map<String, Integer> indices = new HashMap<>();

    /**
     * A task with these labels.
     *
     * @param labels at least two different ones, in the order of the model's outputs
     * @throws UserError if there are fewer, or one is there twice
     */
    public TextClassification(List<String> labels) {
        this.labels = List.copyOf(labels);
        for (String label : labels) {
            if (indices.put(label, indices.size()) != null) {
                throw new UserError("the label '" + label + "' is there twice, expected different labels");
            }
        }
        if (labels.size() < 2) {
            throw new UserError(
                    "there is only the label " + labels + ", expected at least two different ones to tell" + " apart");
        }
    }

    @Override
    public String name() {
        return "text-classification";
    }

    /** As {@code config.json} names the task. */
    public String problemType() {
        return "single_label_classification";
    }

    @Override
    public List<String> labels() {
        return labels;
    }

    @Override
    public int target(Example example) {
        if (example.gold() == null) {
            throw new UserError("an example has no label, expected one of " + known());
        }
        return index(example.gold());
    }

    /** All labels with their probabilities, most probable first; at a tie the order of the labels decides. */
    @Override
    public Labels decode(float[] logits, Encoding encoding) {
        if (logits.length != labels.size()) {
            throw new UserError(
                    "the model puts out " + logits.length + " numbers for a text, expected one for each of the "
                            + labels.size() + " labels in config.json; export or train the model again");
        }
        for (float logit : logits) {
            if (!Float.isFinite(logit)) {
                throw new UserError("the model puts out " + logit + " for a text: its weights are damaged or training"
                        + " diverged; train again, with a lower training.learning_rate");
            }
        }
        double[] probabilities = Softmax.of(logits);
        List<ScoredLabel> scored = new ArrayList<>();
        for (int i = 0; i < probabilities.length; i++) {
            scored.add(new ScoredLabel(labels.get(i), probabilities[i]));
        }
        scored.sort(Comparator.comparingDouble(ScoredLabel::score).reversed()); // stable: ties keep the labels' order
        return new Labels(scored);
    }

    /**
     * Compares predictions with gold labels. Where every prediction holds all labels, the report also has the metrics of
     * probabilities.
     */
    @Override
    public Report evaluate(List<Annotation> gold, List<Annotation> predicted) {
        if (gold.size() != predicted.size()) {
            throw new IllegalArgumentException(predicted.size() + " predictions for " + gold.size() + " examples");
        }
        if (gold.isEmpty()) {
            throw new UserError("there are no examples to evaluate on, expected at least one");
        }
        int[] truth = gold.stream().mapToInt(this::index).toArray();
        boolean complete = predicted.stream().allMatch(p -> ((Labels) p).all().size() == labels.size());
        return complete
                ? ClassificationMetrics.report(
                        labels, truth, predicted.stream().map(this::row).toArray(double[][]::new))
                : ClassificationMetrics.report(
                        labels, truth, predicted.stream().mapToInt(this::index).toArray());
    }

    private double[] row(Annotation annotation) {
        double[] row = new double[labels.size()];
        for (ScoredLabel scored : ((Labels) annotation).all()) {
            row[index(scored.label())] = scored.score();
        }
        return row;
    }

    private int index(Annotation annotation) {
        return index(((Labels) annotation).best().label());
    }

    private int index(String label) {
        Integer index = indices.get(label);
        if (index == null) {
            String hint = Spelling.nearest(label, labels)
                    .map(near -> "; did the data mean '" + near + "'?")
                    .orElse("; mend or leave out those rows, or train on data that has the label");
            throw new UserError("the data has the label '" + label + "', the model knows " + known() + hint);
        }
        return index;
    }

    private String known() {
        String named = String.join(", ", labels.subList(0, Math.min(NAMED_LABELS, labels.size())));
        return labels.size() <= NAMED_LABELS ? named : named + " and " + (labels.size() - NAMED_LABELS) + " more";
    }
}
