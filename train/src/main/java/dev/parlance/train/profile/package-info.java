/**
 * Where the time of a training step goes: spans and tensor operations by thread, as a trace and as a table. Read {@link
 * dev.parlance.train.profile.Profiler} first.
 *
 * <pre>{@code
 * profiler.beginStep(7);
 * try (Span span = profiler.span(Phase.BACKWARD)) {
 *     loss.backward();
 * }
 * profiler.endStep(seconds, tokens);
 * }</pre>
 *
 * <p>Nothing of the loop goes here, and no printing.
 */
@NullMarked
package dev.parlance.train.profile;

import org.jspecify.annotations.NullMarked;
