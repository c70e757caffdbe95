package dev.parlance.train.nn;

import dev.parlance.train.tensor.Tensor;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** {@code x weightᵀ + bias} over the last dimension. */
public final class Linear extends Layer {
    private final Tensor weight;
    private final Tensor bias;
    private @Nullable BinaryOperator<Tensor> adapter;
    private @Nullable UnaryOperator<Tensor> mixture;

    /** Zeros until loaded or initialized. */
    public Linear(int in, int out) {
        weight = parameter("weight", Tensor.zeros(out, in));
        bias = parameter("bias", Tensor.zeros(out));
    }

    /** {@code [..., in]} to {@code [..., out]}. */
    public Tensor forward(Tensor x) {
        Tensor used = mixture == null || !isTraining() ? weight : mixture.apply(weight); // [out, in]
        Tensor y = x.linear(used, bias); // [..., out]
        return adapter == null ? y : adapter.apply(x, y);
    }

    /** Sets what turns this layer's input and output into its new output, such as a low-rank update; null removes it. */
    public void adapt(@Nullable BinaryOperator<Tensor> newAdapter) {
        adapter = newAdapter;
    }

    /** Sets what training uses in place of the weight {@code [out, in]}, made of it; null removes it. */
    public void mix(@Nullable UnaryOperator<Tensor> newMixture) {
        mixture = newMixture;
    }

    /** {@code [out, in]}. */
    public Tensor weight() {
        return weight;
    }

    /** {@code [out]}. */
    public Tensor bias() {
        return bias;
    }
}
