/**
 * What a model is asked to do, on Java arrays alone. Read {@link dev.parlance.task.Task} first.
 *
 * <pre>{@code
 * LabelTask task = new TextClassification(List.of("no", "yes"));
 * int target = task.target(Example.of("fine by me", "yes")); // 1
 * Annotation answer = task.decode(logits, encoding);
 * }</pre>
 *
 * <p>No tensor and no file goes here: training and serving share these classes.
 */
@NullMarked
package dev.parlance.task;

import org.jspecify.annotations.NullMarked;
