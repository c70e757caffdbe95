package dev.parlance.train.loop;

import dev.parlance.train.tensor.Tensor;
import dev.parlance.train.tensor.TensorScope;
import dev.parlance.train.tensor.Torch;
import java.util.LinkedHashMap;
import java.util.Map;

/** A copy of a model's weights, to go back to. */
final class BestWeights implements AutoCloseable {
    private final Map<Tensor, Tensor> copies = new LinkedHashMap<>();

    BestWeights(Map<String, Tensor> parameters) {
        parameters.values().forEach(parameter -> copies.put(parameter, TensorScope.retain(parameter.zerosLike())));
    }

    /** Remembers the weights as they are now. */
    void save() {
        copy(true);
    }

    /** Brings back the weights that were saved last. */
    void restore() {
        copy(false);
    }

    private void copy(boolean save) {
        try (Torch.Guard guard = Torch.noGrad();
                TensorScope scope = TensorScope.open()) {
            copies.forEach((parameter, copy) -> (save ? copy : parameter).copyFrom(save ? parameter : copy));
        }
    }

    @Override
    public void close() {
        copies.values().forEach(Tensor::close);
    }
}
