/**
 * Reads what training runs recorded: one directory a run. Read {@link dev.parlance.track.RunStore} first.
 *
 * <pre>{@code
 * RunStore store = new RunStore(Path.of("runs"));
 * TrackedRun run = store.run("20260102-150405-reviews");
 * System.out.println(run.status() + " " + run.metrics().series("eval_macro_f1").last());
 * }</pre>
 *
 * <p>Also what reader and writer must agree on: {@link dev.parlance.track.RunInfo} and the names of the files. No writing
 * of runs goes here: that is the training module's.
 */
@NullMarked
package dev.parlance.track;

import org.jspecify.annotations.NullMarked;
