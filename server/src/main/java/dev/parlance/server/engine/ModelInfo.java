package dev.parlance.server.engine;

import dev.parlance.task.Task;
import java.nio.file.Path;
import java.time.Instant;

/**
 * A version of a model that is being served.
 *
 * @param name what clients call the model
 * @param version of the model
 * @param task what it does, with its labels
 * @param modelType for example {@code bert}
 * @param maxLength longest input in tokens, special tokens included
 * @param dimensions length of its embeddings; 0 if it gives none
 * @param precision {@code float32} or {@code int8}
 * @param directory where it was loaded from; not for clients
 * @param loaded when it became ready
 */
public record ModelInfo(
        String name,
        String version,
        Task task,
        String modelType,
        int maxLength,
        int dimensions,
        String precision,
        Path directory,
        Instant loaded) {}
