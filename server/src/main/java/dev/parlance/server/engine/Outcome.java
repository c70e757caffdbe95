package dev.parlance.server.engine;

import dev.parlance.predict.Prediction;

/**
 * The answer to one input.
 *
 * @param prediction what the model said
 * @param tokens of the input, as the model saw it
 * @param tokenizationNanos time to tokenize the inputs of its request
 * @param queueNanos time that it waited for a batch
 * @param inferenceNanos time that its batch ran
 */
record Outcome(Prediction prediction, int tokens, long tokenizationNanos, long queueNanos, long inferenceNanos) {
    /** The same for a later request, which has waited for nothing. */
    Outcome known() {
        return new Outcome(prediction, tokens, 0, 0, 0);
    }
}
