package dev.parlance.task;

import dev.parlance.data.Annotation;
import dev.parlance.tokenize.Encoding;
import java.util.List;

/**
 * What a model is asked to do: how its numbers become annotations. Training and serving share it, so they cannot drift. Works
 * on Java arrays only.
 */
public interface Task {
    /** Name as Hugging Face pipelines have it, for example {@code text-classification}. */
    String name();

    /** The labels in the order of the model's outputs; empty if its answers are no labels. */
    List<String> labels();

    /** Turns the logits of one example into an annotation. */
    Annotation decode(float[] logits, Encoding encoding);
}
