package dev.parlance.train.head;

import dev.parlance.train.tensor.Tensor;
import dev.parlance.train.weights.WeightSource;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Set;

/** Live tensors, such as a model's parameters, as named weights. */
public record ModelWeights(Map<String, Tensor> parameters) implements WeightSource {
    @Override
    public Set<String> names() {
        return parameters.keySet();
    }

    @Override
    public long[] shape(String name) {
        return parameter(name).shape();
    }

    @Override
    public void copyInto(String name, FloatBuffer target) {
        Tensor parameter = parameter(name);
        if (target.remaining() != parameter.numel()) {
            throw new IllegalArgumentException(
                    name + " has " + parameter.numel() + " elements but the buffer " + target.remaining());
        }
        parameter.withBuffer(target::put);
    }

    private Tensor parameter(String name) {
        Tensor parameter = parameters.get(name);
        if (parameter == null) {
            throw new IllegalArgumentException("no parameter " + name);
        }
        return parameter;
    }
}
