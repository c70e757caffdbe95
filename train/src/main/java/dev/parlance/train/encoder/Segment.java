package dev.parlance.train.encoder;

import dev.parlance.train.tensor.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A part of an encoder that can be run on its own, as all that it needs is what the part before it computed.
 *
 * @param parameters of the part
 * @param forward the output of the part before it, or int64 ids {@code [batch, seq]} for the first, to its own
 */
public record Segment(List<Tensor> parameters, UnaryOperator<Tensor> forward) {
    public Segment {
        parameters = List.copyOf(parameters);
    }
}
