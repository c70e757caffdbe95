/**
 * Turns gradients into better weights: optimizers, learning-rate schedules, groups of parameters and which of them are frozen.
 * Read {@link dev.parlance.train.optim.Optimizer} first.
 *
 * <pre>{@code
 * List<ParameterGroup> groups = ParameterGroup.of(model.namedParameters(), Depths.of(encoderConfig), arguments);
 * Schedule schedule = Schedule.of(arguments, steps);
 * try (Optimizer optimizer = Optimizer.of(groups, arguments, 1)) {
 *     optimizer.beginStep();
 *     optimizer.step(0, arguments.learningRate() * schedule.factor(0), 1);
 * }
 * }</pre>
 *
 * <p>No losses and no loop go here.
 */
@NullMarked
package dev.parlance.train.optim;

import org.jspecify.annotations.NullMarked;
