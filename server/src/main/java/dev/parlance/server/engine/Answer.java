package dev.parlance.server.engine;

import dev.parlance.predict.Prediction;
import java.time.Duration;
import java.util.List;

/**
 * What a model said.
 *
 * @param model which version of which model answered
 * @param predictions in the order of the inputs
 * @param tokens of all inputs, special tokens included, as the model saw them
 * @param characters of all inputs
 * @param timing where the time went
 */
public record Answer(ModelInfo model, List<Prediction> predictions, int tokens, int characters, Timing timing) {
    public Answer {
        predictions = List.copyOf(predictions);
    }

    /**
     * Times of a request, of its slowest input each.
     *
     * @param tokenization turning texts into tokens
     * @param queue waiting for a batch
     * @param inference running the batch
     */
    public record Timing(Duration tokenization, Duration queue, Duration inference) {}
}
