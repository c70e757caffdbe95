package dev.parlance.train.optim;

import dev.parlance.train.tensor.Tensor;
import dev.parlance.train.tensor.TensorScope;
import java.util.LinkedHashMap;
import java.util.Map;

/** A parameter with all that an optimizer remembers of it, and how often it was updated. */
final class TrainedParameter implements AutoCloseable {
    private final String name;
    private final Tensor tensor;
    private final ParameterGroup group;
    private final Map<String, Tensor> state = new LinkedHashMap<>();
    private final Tensor savedSteps = TensorScope.retain(Tensor.zeros(1));
    private long steps;

    /** Takes over the tensors of {@code state}. */
    TrainedParameter(String name, Tensor tensor, ParameterGroup group, Map<String, Tensor> state) {
        this.name = name;
        this.tensor = tensor;
        this.group = group;
        state.forEach((key, value) -> this.state.put(key, TensorScope.retain(value)));
    }

    String name() {
        return name;
    }

    Tensor tensor() {
        return tensor;
    }

    ParameterGroup group() {
        return group;
    }

    /** What is remembered, by names such as {@code exp_avg}. */
    Map<String, Tensor> state() {
        return state;
    }

    /** Updates so far, the current one included once {@link #countStep} was called. */
    long steps() {
        return steps;
    }

    void countStep() {
        if (tensor.grad() != null) {
            steps++;
        }
    }

    /** Adds the state to {@code all} under its full names. */
    void collect(Map<String, Tensor> all) {
        state.forEach((key, value) -> all.put(key + "/" + name, value));
        savedSteps.withBuffer(buffer -> buffer.put(0, (float) steps));
        all.put("step/" + name, savedSteps);
    }

    /** Makes the count what the collected tensor says, into which it was restored. */
    void adoptSteps() {
        savedSteps.withBuffer(buffer -> steps = (long) buffer.get(0));
    }

    @Override
    public void close() {
        state.values().forEach(Tensor::close);
        savedSteps.close();
    }
}
