package dev.parlance.train.export;

import dev.parlance.train.tensor.Graph.Node;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts ONNX Runtime's Gelu, BiasGelu or FastGelu in the place of the nodes that {@code gelu} and {@code geluTanh} record. */
final class GeluFusion {
    private GeluFusion() {}

    static void apply(GraphEditor graph) {
        for (Node node : graph.nodes()) {
            if (!node.opType().equals("Mul")) {
                continue;
            }
            String exact = exact(graph, node);
            if (exact != null) {
                fuse(graph, node, exact, "BiasGelu", "Gelu");
                continue;
            }
            String byTanh = byTanh(graph, node);
            if (byTanh != null) {
                fuse(graph, node, byTanh, "FastGelu", "FastGelu");
            }
        }
    }

    private static void fuse(GraphEditor graph, Node last, String x, String withBias, String without) {
        Projection projection = Projection.of(graph, x);
        graph.replace(
                last,
                projection == null
                        ? Node.contrib(without, List.of(x), last.output())
                        : Node.contrib(withBias, List.of(projection.product(), projection.bias()), last.output()));
    }

    /** x of {@code (x * (erf(x / sqrt 2) + 1)) * 0.5}, or null. */
    private static @Nullable String exact(GraphEditor graph, Node half) {
        Node product = graph.producer(half.inputs().get(0), "Mul");
        if (product == null || !graph.isScalar(half.inputs().get(1), 0.5)) {
            return null;
        }
        String x = product.inputs().get(0);
        Node onePlus = graph.producer(product.inputs().get(1), "Add");
        Node erf = onePlus == null ? null : graph.producer(onePlus.inputs().get(0), "Erf");
        Node scaled = erf == null ? null : graph.producer(erf.inputs().get(0), "Div");
        boolean found = scaled != null && scaled.inputs().get(0).equals(x);
        return found ? x : null;
    }

    /** x of {@code (x * 0.5) * (tanh(...) + 1)}, or null. */
    private static @Nullable String byTanh(GraphEditor graph, Node product) {
        Node half = graph.producer(product.inputs().get(0), "Mul");
        Node onePlus = graph.producer(product.inputs().get(1), "Add");
        if (half == null || onePlus == null || !graph.isScalar(half.inputs().get(1), 0.5)) {
            return null;
        }
        Node tanh = graph.producer(onePlus.inputs().get(0), "Tanh");
        Node scaled = tanh == null ? null : graph.producer(tanh.inputs().get(0), "Mul");
        Node inner = scaled == null ? null : graph.producer(scaled.inputs().get(0), "Add");
        String x = half.inputs().get(0);
        return inner != null && inner.inputs().get(0).equals(x) ? x : null;
    }
}
