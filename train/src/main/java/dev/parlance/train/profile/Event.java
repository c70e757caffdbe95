package dev.parlance.train.profile;

import java.util.List;

/**
 * A span or an operation in the trace.
 *
 * @param name what is shown
 * @param phase the innermost part of the step that it belongs to, or is
 * @param startNanos by {@link System#nanoTime}
 * @param endNanos by {@link System#nanoTime}
 * @param shapes of the tensors that went into an operation
 * @param flops of a matrix product, else 0
 * @param step of a span that is a step, else 0
 */
record Event(String name, Phase phase, long startNanos, long endNanos, List<long[]> shapes, double flops, long step) {}
