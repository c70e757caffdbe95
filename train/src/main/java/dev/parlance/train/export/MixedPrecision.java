package dev.parlance.train.export;

import java.io.IOException;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Finds which layers to keep in 32 bits so that the score holds. All in 8 bits is tried first. If that loses too much, the
 * error of each group alone in 8 bits is measured, and the 1, 2, 4, 8, ... worst are kept, until the loss is within the limit.
 */
final class MixedPrecision {
    /** Tries a mixture. */
    interface Trial {
        /** Of the graph whose {@code weights} are in 8 bits: the scores, of which the first decides. */
        Map<String, Double> scores(Set<String> weights) throws IOException;

        /** Error of the outputs of that graph, relative to their size, on few texts. */
        double error(Set<String> weights) throws IOException;
    }

    /**
     * A mixture.
     *
     * @param kept names of the groups in 32 bits
     * @param errors of each group alone in 8 bits; empty if it was not measured
     * @param scores of the mixture
     */
    record Choice(Set<String> kept, Map<String, Double> errors, Map<String, Double> scores) {
        double score() {
            return scores.values().iterator().next();
        }
    }

    private final List<LayerGroup> groups;
    private final Trial trial;
    private final Consumer<String> progress;

    MixedPrecision(List<LayerGroup> groups, Trial trial, Consumer<String> progress) {
        this.groups = groups;
        this.trial = trial;
        this.progress = progress;
    }

    /**
     * The first mixture that is within the limit, or else the best of those that were tried.
     *
     * @param least score that is good enough
     * @param maxEvaluations mixtures that are tried after the first
     */
    Choice search(double least, int maxEvaluations) throws IOException {
        Choice best = attempt(Set.of(), Map.of());
        if (best.score() >= least || maxEvaluations == 0) {
            return best;
        }
        Map<String, Double> errors = errors();
        List<String> worstFirst = errors.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder()))
                .map(Map.Entry::getKey)
                .toList();
        int tried = 0;
        for (int keep = 1; keep < groups.size() && tried < maxEvaluations && best.score() < least; keep *= 2, tried++) {
            Choice choice = attempt(new HashSet<>(worstFirst.subList(0, keep)), errors);
            best = choice.score() > best.score() ? choice : best;
        }
        return best;
    }

    private Choice attempt(Set<String> kept, Map<String, Double> errors) throws IOException {
        Set<String> weights = new HashSet<>();
        groups.stream().filter(group -> !kept.contains(group.name())).forEach(group -> weights.addAll(group.weights()));
        Choice choice = new Choice(kept, errors, trial.scores(weights));
        progress.accept("int8 with "
                + (kept.isEmpty()
                        ? "no layers"
                        : "the " + kept.size() + " worst of " + groups.size() + " groups of layers")
                + " in fp32: " + choice.scores());
        return choice;
    }

    private Map<String, Double> errors() throws IOException {
        progress.accept("measuring how much each of " + groups.size() + " groups of layers bears");
        Map<String, Double> errors = new LinkedHashMap<>();
        for (LayerGroup group : groups) {
            errors.put(group.name(), trial.error(group.weights()));
        }
        return errors;
    }
}
