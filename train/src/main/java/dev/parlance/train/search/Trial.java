package dev.parlance.train.search;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One run of a search.
 *
 * @param number from 1
 * @param values what it was run with: setting and value
 * @param status how it ended
 * @param score of the kept checkpoint on the validation data; of a pruned trial the best so far; null without any
 * @param evaluations what was measured on the way
 * @param seconds that it took
 * @param error why it failed, in one line, or null
 */
public record Trial(
        int number,
        Map<String, String> values,
        Status status,
        @Nullable Double score,
        List<Evaluation> evaluations,
        double seconds,
        @Nullable String error) {
    /** How a trial ended. */
    public enum Status {
        /** It has begun and not ended: it runs, or was broken off and will be done again. */
        @JsonProperty("started")
        STARTED,
        /** It was trained to its end. */
        @JsonProperty("complete")
        COMPLETE,
        /** It was given up, since others were better at the same point. */
        @JsonProperty("pruned")
        PRUNED,
        /** It could not be trained. */
        @JsonProperty("failed")
        FAILED
    }

    /**
     * A measurement on the validation data.
     *
     * @param epoch passes over the training data before it
     * @param score value of the metric
     */
    public record Evaluation(double epoch, double score) {}

    public Trial {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        evaluations = List.copyOf(evaluations);
    }

    static Trial started(int number, Map<String, String> values) {
        return new Trial(number, values, Status.STARTED, null, List.of(), 0, null);
    }

    /** Passes over the training data up to its last measurement; 0 without any. */
    public double epochs() {
        return evaluations.isEmpty()
                ? 0
                : evaluations.get(evaluations.size() - 1).epoch();
    }
}
