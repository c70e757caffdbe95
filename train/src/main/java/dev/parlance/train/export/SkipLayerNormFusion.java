package dev.parlance.train.export;

import dev.parlance.train.tensor.Attribute;
import dev.parlance.train.tensor.Graph.Node;
import java.util.ArrayList;
import java.util.List;

/** Puts ONNX Runtime's SkipLayerNormalization in the place of a residual connection and the layer norm of its sum. */
final class SkipLayerNormFusion {
    private SkipLayerNormFusion() {}

    static void apply(GraphEditor graph) {
        for (Node norm : graph.nodes()) {
            if (norm.opType().equals("LayerNormalization")) {
                Node sum = graph.producer(norm.inputs().get(0), "Add");
                if (sum != null) {
                    fuse(graph, norm, sum);
                }
            }
        }
    }

    /** One side of the sum has to be a sublayer's output: then both have the same shape, which the operator needs. */
    private static void fuse(GraphEditor graph, Node norm, Node sum) {
        String first = sum.inputs().get(0);
        String second = sum.inputs().get(1);
        boolean firstIsOutput = isSublayerOutput(graph, first);
        if (!(firstIsOutput || isSublayerOutput(graph, second)) || !isLastUse(graph, norm, sum)) {
            return;
        }
        String output = firstIsOutput ? first : second;
        String skip = firstIsOutput ? second : first;
        Projection projection = Projection.of(graph, output);
        List<String> inputs = new ArrayList<>();
        inputs.add(projection == null ? output : projection.product());
        inputs.add(skip);
        inputs.addAll(norm.inputs().subList(1, 3));
        if (projection != null) {
            inputs.add(projection.bias());
        }
        boolean sumIsUsed = graph.consumers(sum.output()).size() > 1;
        if (sumIsUsed) {
            graph.remove(sum);
        }
        List<String> outputs = sumIsUsed ? List.of(norm.output(), "", "", sum.output()) : List.of(norm.output());
        List<Attribute> epsilon = norm.attributes().stream()
                .filter(attribute -> attribute.name().equals("epsilon"))
                .toList();
        graph.replace(norm, new Node(Node.CONTRIB, "SkipLayerNormalization", inputs, outputs, epsilon));
    }

    private static boolean isSublayerOutput(GraphEditor graph, String value) {
        return Projection.of(graph, value) != null || graph.producer(value, "MatMulIntegerToFloat") != null;
    }

    /** Whoever else takes the sum must come after the norm, which then makes it. */
    private static boolean isLastUse(GraphEditor graph, Node norm, Node sum) {
        List<Node> nodes = graph.nodes();
        int place = nodes.indexOf(norm);
        return graph.consumers(sum.output()).stream().allMatch(node -> nodes.indexOf(node) >= place);
    }
}
