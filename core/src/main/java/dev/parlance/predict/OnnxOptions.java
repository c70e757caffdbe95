package dev.parlance.predict;

import dev.parlance.config.UserError;

/**
 * How ONNX Runtime runs a model.
 *
 * @param threads threads that work on one batch; 0 takes one per core
 * @param spinning whether these threads wait busily for work: batches in a row finish sooner, an idle program burns
 *     its cores for some milliseconds after each batch
 */
public record OnnxOptions(int threads, boolean spinning) {
    /** One thread per core, which sleep when there is nothing to do. */
    public static OnnxOptions defaults() {
        return new OnnxOptions(0, false);
    }

    public OnnxOptions {
        if (threads < 0 || threads > 1024) {
            throw new UserError("threads is " + threads + ", expected a whole number from 0 to 1024");
        }
    }
}
