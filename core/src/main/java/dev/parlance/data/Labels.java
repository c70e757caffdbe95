package dev.parlance.data;

import java.util.List;

/**
 * Labels of a text with their scores, best first. Gold annotations hold the true label with score 1.
 *
 * @param all label and score pairs in descending order of score, at least one
 */
public record Labels(List<ScoredLabel> all) implements Annotation {
    public Labels {
        all = List.copyOf(all);
        if (all.isEmpty()) {
            throw new IllegalArgumentException("labels must not be empty");
        }
    }

    /** The true label as the data gives it. */
    public static Labels gold(String label) {
        return new Labels(List.of(new ScoredLabel(label, 1)));
    }

    /** The label with the highest score. */
    public ScoredLabel best() {
        return all.get(0);
    }

    /** The first {@code k} labels, or all if there are fewer. */
    public Labels top(int k) {
        return new Labels(all.subList(0, Math.min(k, all.size())));
    }

    /**
     * A label and how sure the model is of it.
     *
     * @param label the label's name
     * @param score a probability in [0, 1]
     */
    public record ScoredLabel(String label, double score) {}
}
