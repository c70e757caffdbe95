package dev.parlance.train.optim;

import dev.parlance.train.tensor.Tensor;
import dev.parlance.train.tensor.TensorScope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one thread updates of a parameter, under the parameter's own memory: all of it in its shape, or a range of its numbers
 * as a vector.
 */
final class Piece implements AutoCloseable {
    /** Ranges begin at multiples of it, so that the same numbers always meet in one vector instruction. */
    private static final long ALIGNMENT = 1024;

    private final TrainedParameter parameter;
    private final long from;
    private final long to;
    private final boolean whole;
    private final Tensor part;
    private final Map<String, Tensor> state = new LinkedHashMap<>();

    private Piece(TrainedParameter parameter, long from, long to, boolean whole) {
        this.parameter = parameter;
        this.from = from;
        this.to = to;
        this.whole = whole;
        try (TensorScope scope = TensorScope.open()) {
            part = TensorScope.retain(cut(parameter.tensor().detach()));
            parameter.state().forEach((name, tensor) -> state.put(name, TensorScope.retain(cut(tensor))));
        }
    }

    /** All of a parameter. */
    static Piece whole(TrainedParameter parameter) {
        return new Piece(parameter, 0, parameter.tensor().numel(), true);
    }

    /** A parameter in ranges of at most about {@code maxSize} numbers. */
    static void cut(TrainedParameter parameter, long maxSize, List<Piece> pieces) {
        long size = (maxSize + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        long end = parameter.tensor().numel();
        for (long from = 0; from < end; from += size) {
            pieces.add(new Piece(parameter, from, Math.min(end, from + size), false));
        }
    }

    private Tensor cut(Tensor tensor) {
        return whole ? tensor.detach() : tensor.reshape(-1).slice(0, from, to);
    }

    TrainedParameter parameter() {
        return parameter;
    }

    /** The numbers to update. */
    Tensor part() {
        return part;
    }

    /** What is remembered of them. */
    Tensor state(String name) {
        return Objects.requireNonNull(state.get(name), name);
    }

    /** Their gradients, or null if the parameter has none. */
    @Nullable
    Tensor gradient() {
        Tensor gradient = parameter.tensor().grad();
        return gradient == null ? null : cut(gradient);
    }

    long size() {
        return part.numel();
    }

    @Override
    public void close() {
        part.close();
        state.values().forEach(Tensor::close);
    }
}
