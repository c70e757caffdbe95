package dev.parlance.predict;

import dev.parlance.data.Annotation;
import dev.parlance.data.Example;

/**
 * What a model says of an example.
 *
 * @param example the example as it came in
 * @param annotation the model's answer
 * @param logits the numbers behind labels, in the order of the task's labels; of an ensemble the logarithms of its averaged
 *     probabilities; empty if the answer is no label; not to be changed
 * @param truncatedTokens how many tokens of the text the model did not see; 0 if it saw the whole text
 */
public record Prediction(Example example, Annotation annotation, float[] logits, int truncatedTokens) {}
