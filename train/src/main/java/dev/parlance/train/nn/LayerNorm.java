package dev.parlance.train.nn;

import dev.parlance.train.tensor.Tensor;

/** Layer normalization over the last dimension (Ba, Kiros and Hinton, 2016). */
public final class LayerNorm extends Layer {
    private final Tensor weight;
    private final Tensor bias;
    private final double epsilon;

    /** Scale one and shift zero until loaded. */
    public LayerNorm(int width, double epsilon) {
        weight = parameter("weight", Tensor.full(1, width));
        bias = parameter("bias", Tensor.zeros(width));
        this.epsilon = epsilon;
    }

    /** {@code [..., width]}, same shape out. */
    public Tensor forward(Tensor x) {
        return x.layerNorm(weight, bias, epsilon);
    }
}
