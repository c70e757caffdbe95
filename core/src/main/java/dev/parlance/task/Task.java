package dev.parlance.task;

import dev.parlance.data.Annotation;
import dev.parlance.data.Example;
import dev.parlance.metric.Report;
import dev.parlance.tokenize.Encoding;
import java.util.List;

/**
 * What a model is asked to do: how gold annotations become targets, how logits become annotations, and how the two are
 * compared. Training and serving share it, so they cannot drift. Works on Java arrays only.
 */
public interface Task {
    /** Name as Hugging Face pipelines have it, for example {@code text-classification}. */
    String name();

    /** The labels in the order of the model's outputs. */
    List<String> labels();

    /** The training target of an example: the index of its gold label. */
    int target(Example example);

    /** Turns the logits of one example into an annotation. */
    Annotation decode(float[] logits, Encoding encoding);

    /** Compares predictions with gold annotations, in the same order. */
    Report evaluate(List<Annotation> gold, List<Annotation> predicted);
}
