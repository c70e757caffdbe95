package dev.parlance.train.nn;

import dev.parlance.train.tensor.Tensor;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** An element-wise nonlinearity. */
public enum Activation {
    GELU,
    /** GELU by its tanh approximation. */
    GELU_NEW,
    RELU,
    SILU,
    TANH;

    private static final Map<String, Activation> BY_NAME = Map.of(
            "gelu", GELU,
            "gelu_new", GELU_NEW,
            "gelu_fast", GELU_NEW,
            "gelu_pytorch_tanh", GELU_NEW,
            "relu", RELU,
            "silu", SILU,
            "swish", SILU,
            "tanh", TANH);

    /** Same shape out. */
    public Tensor forward(Tensor x) {
        return switch (this) {
            case GELU -> x.gelu();
            case GELU_NEW -> x.geluTanh();
            case RELU -> x.relu();
            case SILU -> x.silu();
            case TANH -> x.tanh();
        };
    }

    /** The activation of a Hugging Face name such as {@code gelu}, if it is known. */
    public static Optional<Activation> ofName(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /** The Hugging Face names that are known, sorted. */
    public static Set<String> names() {
        return new TreeSet<>(BY_NAME.keySet());
    }
}
