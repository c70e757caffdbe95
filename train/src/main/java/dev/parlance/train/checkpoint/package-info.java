/**
 * Where a run that is not finished lives on disk. Read {@link dev.parlance.train.checkpoint.RunDirectory} first.
 *
 * <pre>{@code
 * try (RunDirectory run = RunDirectory.open(RunDirectory.of(output))) {
 *     run.save(step, 2, directory -> Safetensors.write(directory.resolve("model.safetensors"), weights));
 *     run.newestIntact(Long.MAX_VALUE, notice).ifPresent(checkpoint -> ...);
 * }
 * }</pre>
 *
 * <p>What a checkpoint holds is the training loop's matter; no tensors and no loop go here.
 */
@NullMarked
package dev.parlance.train.checkpoint;

import org.jspecify.annotations.NullMarked;
