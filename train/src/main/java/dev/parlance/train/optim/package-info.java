/**
 * Turns gradients into better weights: optimizers and learning-rate schedules. Read {@link dev.parlance.train.optim.AdamW}
 * first.
 *
 * <pre>{@code
 * AdamW optimizer = new AdamW(model.parameters(), arguments);
 * Schedule schedule = Schedule.of("linear", steps, warmupSteps);
 * optimizer.step(learningRate * schedule.factor(step));
 * }</pre>
 *
 * <p>No losses and no loop go here.
 */
@NullMarked
package dev.parlance.train.optim;

import org.jspecify.annotations.NullMarked;
