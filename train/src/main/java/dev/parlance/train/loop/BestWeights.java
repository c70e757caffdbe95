package dev.parlance.train.loop;

import dev.parlance.train.head.ModelWeights;
import dev.parlance.train.tensor.Tensor;
import dev.parlance.train.tensor.TensorScope;
import dev.parlance.train.tensor.Torch;
import dev.parlance.train.weights.WeightSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** A copy of a model's weights, to go back to. */
final class BestWeights implements AutoCloseable {
    private final Map<String, Tensor> parameters;
    private final Map<String, Tensor> copies = new LinkedHashMap<>();

    BestWeights(Map<String, Tensor> parameters) {
        this.parameters = parameters;
        parameters.forEach((name, parameter) -> copies.put(name, TensorScope.retain(parameter.zerosLike())));
    }

    /** Remembers the weights as they are now. */
    void save() {
        copy(true);
    }

    /** Brings back the weights that were saved last. */
    void restore() {
        copy(false);
    }

    /** The copy, to write to disk. */
    WeightSource weights() {
        return new ModelWeights(copies);
    }

    /** The copy, to be overwritten. */
    Map<String, Tensor> copies() {
        return copies;
    }

    private void copy(boolean save) {
        try (Torch.Guard guard = Torch.noGrad();
                TensorScope scope = TensorScope.open()) {
            parameters.forEach((name, parameter) -> {
                Tensor copy = Objects.requireNonNull(copies.get(name));
                (save ? copy : parameter).copyFrom(save ? parameter : copy);
            });
        }
    }

    @Override
    public void close() {
        copies.values().forEach(Tensor::close);
    }
}
