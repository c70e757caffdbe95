package dev.parlance.predict;

import dev.parlance.task.Logits;
import dev.parlance.tokenize.Batch;

/** A network that is ready to run: padded ids in, logits out. */
public interface Model extends AutoCloseable {
    /** Runs the network on a batch. */
    Logits forward(Batch batch);

    @Override
    void close();
}
