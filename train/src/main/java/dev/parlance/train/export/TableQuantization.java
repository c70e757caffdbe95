package dev.parlance.train.export;

import dev.parlance.train.tensor.Attribute;
import dev.parlance.train.tensor.Dtype;
import dev.parlance.train.tensor.Graph.Node;
import dev.parlance.train.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Keeps embedding tables in signed bytes with a scale for each row: rows are taken as before, by Gather or Slice, and then
 * multiplied out.
 */
final class TableQuantization {
    private TableQuantization() {}

    /**
     * Rewrites the look-ups of chosen tables.
     *
     * @param chosen by the table's name, such as {@code bert.embeddings.word_embeddings.weight}
     */
    static void apply(GraphEditor graph, Predicate<String> chosen) {
        for (Node node : graph.nodes()) {
            if (node.opType().equals("Gather") || node.opType().equals("Slice")) {
                String table = node.inputs().get(0);
                Tensor values = graph.constant(table);
                if (values != null && values.rank() == 2 && chosen.test(table)) {
                    rewrite(graph, node, table, values);
                }
            }
        }
    }

    private static void rewrite(GraphEditor graph, Node node, String table, Tensor values) {
        int rows = (int) values.size(0);
        QuantizedMatrix matrix = QuantizedMatrix.byRow(values.toFloats(), rows, (int) values.size(1));
        String bytes = graph.addConstant(table + ".int8", matrix.tensor());
        String scales = graph.addConstant(table + ".scale", Tensor.fromFloats(matrix.scales(), rows, 1));
        String result = node.output();
        graph.replace(
                node,
                taken(node, bytes, result + ".int8"),
                new Node(
                        "Cast",
                        List.of(result + ".int8"),
                        result + ".float",
                        List.of(Attribute.of("to", Dtype.FLOAT32.onnxCode()))),
                taken(node, scales, result + ".scale"),
                new Node("Mul", List.of(result + ".float", result + ".scale"), result, List.of()));
    }

    /** The same rows of another table. */
    private static Node taken(Node node, String table, String result) {
        List<String> inputs = new ArrayList<>(node.inputs());
        inputs.set(0, table);
        return new Node(node.opType(), inputs, result, node.attributes());
    }
}
