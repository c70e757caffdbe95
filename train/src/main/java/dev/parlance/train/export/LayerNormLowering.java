package dev.parlance.train.export;

import dev.parlance.train.tensor.Attribute;
import dev.parlance.train.tensor.Graph.Node;
import dev.parlance.train.tensor.Tensor;
import java.util.List;

/** Writes layer norms in older operators, in the form that ONNX Runtime takes for one. */
final class LayerNormLowering {
    private LayerNormLowering() {}

    static void apply(GraphEditor graph) {
        String two = graph.addConstant("const_f32_2.0", Tensor.fromFloats(new float[] {2}));
        for (Node norm : graph.nodes()) {
            if (norm.opType().equals("LayerNormalization")) {
                graph.replace(norm, lowered(graph, norm, two));
            }
        }
    }

    private static Node[] lowered(GraphEditor graph, Node norm, String two) {
        String x = norm.inputs().get(0);
        String y = norm.output();
        float epsilon = norm.attributes().stream()
                .filter(attribute -> attribute.name().equals("epsilon"))
                .map(attribute -> (Float) attribute.value())
                .findFirst()
                .orElse(1e-5f);
        String eps = graph.addConstant("const_f32_" + epsilon, Tensor.fromFloats(new float[] {epsilon}));
        List<Attribute> last = List.of(Attribute.longs("axes", -1), Attribute.of("keepdims", 1L));
        return new Node[] {
            new Node("ReduceMean", List.of(x), y + ".mean", last),
            new Node("Sub", List.of(x, y + ".mean"), y + ".centred", List.of()),
            new Node("Pow", List.of(y + ".centred", two), y + ".squares", List.of()),
            new Node("ReduceMean", List.of(y + ".squares"), y + ".variance", last),
            new Node("Add", List.of(y + ".variance", eps), y + ".positive", List.of()),
            new Node("Sqrt", List.of(y + ".positive"), y + ".deviation", List.of()),
            new Node("Div", List.of(y + ".centred", y + ".deviation"), y + ".normal", List.of()),
            new Node("Mul", List.of(y + ".normal", norm.inputs().get(1)), y + ".scaled", List.of()),
            new Node("Add", List.of(y + ".scaled", norm.inputs().get(2)), y, List.of())
        };
    }
}
