package dev.parlance.bundle;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.Json;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a model was chosen among several. Saved as {@code selection.json} and told in the model card.
 *
 * @param metric what they were compared by, on the validation data
 * @param timeBudgetSeconds how long choosing was allowed to take
 * @param seconds how long it took
 * @param candidates in the order in which they were trained
 * @param choices each choice that was made, and why, in order; one sentence each, without texts of the data
 */
public record Selection(
        String metric, double timeBudgetSeconds, double seconds, List<Candidate> candidates, List<String> choices) {
    public Selection {
        candidates = List.copyOf(candidates);
        choices = List.copyOf(choices);
    }

    /**
     * A model that was trained to be compared.
     *
     * @param name for people, and the directory of the member if it became one
     * @param model what it started from
     * @param settings those that were chosen for it, by their names in a run file
     * @param metrics scores on the validation data
     * @param seconds that it took, with reading, measuring and saving
     * @param weight its share in the final model's answer, in [0, 1]; 0 if it is no part of it
     */
    public record Candidate(
            String name,
            String model,
            Map<String, String> settings,
            Map<String, Double> metrics,
            double seconds,
            double weight) {
        public Candidate {
            settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
            metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
        }
    }

    /** As {@code selection.json} holds it. */
    public ObjectNode toJson() {
        return Json.tree(this);
    }
}
