package dev.parlance.train.export;

import dev.parlance.train.tensor.Graph.Node;
import org.jspecify.annotations.Nullable;

/**
 * {@code x W + b} in a traced graph, as {@link dev.parlance.train.tensor.Tensor#linear} records it.
 *
 * @param last the node that makes the result
 * @param input x
 * @param product name of {@code x W}
 * @param weight name of W, a constant {@code [in, out]}
 * @param bias name of b, a constant {@code [out]}
 */
record Projection(Node last, String input, String product, String weight, String bias) {
    /** The projection that makes a value; null if none does. */
    static @Nullable Projection of(GraphEditor graph, String value) {
        Node add = graph.producer(value, "Add");
        if (add == null || graph.constant(add.inputs().get(0)) == null) {
            return null;
        }
        Node product = graph.producer(add.inputs().get(1), "MatMul");
        if (product == null || graph.constant(product.inputs().get(1)) == null) {
            return null;
        }
        return new Projection(
                add,
                product.inputs().get(0),
                product.output(),
                product.inputs().get(1),
                add.inputs().get(0));
    }
}
