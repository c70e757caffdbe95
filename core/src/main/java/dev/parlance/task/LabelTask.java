package dev.parlance.task;

import dev.parlance.data.Annotation;
import dev.parlance.data.Example;
import dev.parlance.metric.Report;
import java.util.List;

/**
 * A task that is learnt from labels: how gold annotations become targets, and how predictions are compared with them.
 */
public interface LabelTask extends Task {
    /** The training target of an example: the index of its gold label. */
    int target(Example example);

    /** Compares predictions with gold annotations, in the same order. */
    Report evaluate(List<Annotation> gold, List<Annotation> predicted);
}
