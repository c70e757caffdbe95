package dev.parlance.train.encoder;

import dev.parlance.train.tensor.Tensor;
import java.util.Map;
import java.util.SplittableRandom;

/** First values of parameters that no file gives, as transformers chooses them. */
public final class NewWeights {
    private NewWeights() {}

    /** Initializes all parameters; see {@link #initialize(String, Tensor, long, double)}. */
    public static void initialize(Map<String, Tensor> parameters, long seed, double initializerRange) {
        parameters.forEach((name, tensor) -> initialize(name, tensor, seed, initializerRange));
    }

    /**
     * Draws a matrix from a normal distribution; vectors (biases, layer norms) keep what their layer starts with. The
     * values depend on the seed and the name alone, not on what else is initialized.
     */
    static void initialize(String name, Tensor tensor, long seed, double initializerRange) {
        if (tensor.rank() < 2) {
            return;
        }
        SplittableRandom random = new SplittableRandom(seed * 31 + name.hashCode());
        tensor.withBuffer(buffer -> {
            while (buffer.hasRemaining()) {
                buffer.put((float) (random.nextGaussian() * initializerRange));
            }
        });
    }
}
