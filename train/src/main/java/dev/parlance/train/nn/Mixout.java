package dev.parlance.train.nn;

import dev.parlance.train.tensor.Tensor;
import dev.parlance.train.tensor.TensorScope;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Mixout (Lee, Cho and Kang 2020, Mixout: Effective Regularization to Finetune Large-scale Pretrained Language Models):
 * while training, each weight w of a projection is with probability p the pretrained one, u, and otherwise
 * {@code u + (w - u) / (1 - p)}, so that its mean is w. That is dropout of how far it has moved. It keeps the fine-tuning of
 * large encoders on little data from failing.
 */
public final class Mixout implements AutoCloseable {
    private final Map<String, Tensor> pretrained = new LinkedHashMap<>();

    /** Copies the weights of all {@link Linear}s of a network as they are now. */
    public Mixout(Layer network) {
        try (TensorScope scope = TensorScope.open()) {
            network.forEachLayer((path, layer) -> {
                if (layer instanceof Linear linear) {
                    pretrained.put(
                            path, TensorScope.retain(linear.weight().detach().copy()));
                }
            });
        }
    }

    /**
     * Mixes the weights of a network of the same shape while it trains.
     *
     * @param probability of the pretrained weight, in (0, 1)
     * @param seeds where the masks come from
     */
    public void attach(Layer network, double probability, SeedStream seeds) {
        network.forEachLayer((path, layer) -> {
            Tensor anchor = pretrained.get(path);
            if (layer instanceof Linear linear && anchor != null) {
                linear.mix(weight -> anchor.add(weight.sub(anchor).dropout(probability, seeds.next())));
            }
        });
    }

    /** Leaves the weights of a network as they are again. */
    public static void detach(Layer network) {
        network.forEachLayer((path, layer) -> {
            if (layer instanceof Linear linear) {
                linear.mix(null);
            }
        });
    }

    /** Frees the copies; networks must be detached before. */
    @Override
    public void close() {
        pretrained.values().forEach(Tensor::close);
    }
}
