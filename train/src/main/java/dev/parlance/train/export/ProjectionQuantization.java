package dev.parlance.train.export;

import dev.parlance.train.tensor.Dtype;
import dev.parlance.train.tensor.Graph.Node;
import dev.parlance.train.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Multiplies in 8 bits: puts a quantization of the input and MatMulIntegerToFloat, which also adds the bias, in the place of
 * a product with a constant matrix. Weights are signed bytes with a scale for each output, inputs unsigned bytes with a scale
 * and a zero point for the whole tensor: measured for each batch, or known before.
 */
final class ProjectionQuantization {
    private static final String TRANSPOSED = ".transposed";

    private final GraphEditor graph;
    private final Map<String, InputRange> ranges;
    private final int largestWeight;

    private ProjectionQuantization(GraphEditor graph, Map<String, InputRange> ranges, int largestWeight) {
        this.graph = graph;
        this.ranges = ranges;
        this.largestWeight = largestWeight;
    }

    /**
     * Rewrites the products whose weight is chosen.
     *
     * @param chosen by the weight's name, such as {@code bert.encoder.layer.0.output.dense.weight}
     * @param ranges of inputs by the weight's name; empty has them measured for each batch
     */
    static void apply(GraphEditor graph, Predicate<String> chosen, Map<String, InputRange> ranges, int largestWeight) {
        ProjectionQuantization pass = new ProjectionQuantization(graph, ranges, largestWeight);
        for (Node node : graph.nodes()) {
            if (node.opType().equals("MatMul")) {
                String weight = node.inputs().get(1);
                if (weight.endsWith(TRANSPOSED) && graph.constant(weight) != null && chosen.test(parameter(weight))) {
                    pass.quantize(node);
                }
            }
        }
    }

    private static String parameter(String transposed) {
        return transposed.substring(0, transposed.length() - TRANSPOSED.length());
    }

    private void quantize(Node product) {
        String x = product.inputs().get(0);
        String weight = product.inputs().get(1);
        Tensor values = Objects.requireNonNull(graph.constant(weight));
        QuantizedMatrix matrix =
                QuantizedMatrix.byColumn(values.toFloats(), (int) values.size(0), (int) values.size(1), largestWeight);
        String bytes = graph.addConstant(weight + ".int8", matrix.tensor());
        String scales =
                graph.addConstant(weight + ".scale", Tensor.fromFloats(matrix.scales(), matrix.scales().length));
        Node sum = sumWithBias(product);
        List<String> input = ranges.isEmpty() ? dynamic(product, x) : fixed(product, x, parameter(weight));
        List<String> inputs = new ArrayList<>(List.of(input.get(0), bytes, input.get(1), scales, input.get(2)));
        if (sum != null) {
            inputs.addAll(List.of("", sum.inputs().get(0))); // weights are symmetric, they have no zero point
        }
        Node last = sum == null ? product : sum;
        graph.replace(last, Node.contrib("MatMulIntegerToFloat", inputs, last.output()));
    }

    /** The sum with the bias, if there is one and nobody takes the bare product; else null. */
    private @Nullable Node sumWithBias(Node product) {
        List<Node> consumers = graph.consumers(product.output());
        if (consumers.size() != 1) {
            return null;
        }
        Node only = consumers.get(0);
        boolean adds = only.opType().equals("Add")
                && only.inputs().get(1).equals(product.output())
                && graph.constant(only.inputs().get(0)) != null;
        return adds ? only : null;
    }

    private List<String> dynamic(Node product, String x) {
        List<String> names = List.of(x + ".uint8", x + ".scale", x + ".zero");
        if (!graph.hasValue(names.get(0))) {
            Node quantize = new Node(Node.ONNX, "DynamicQuantizeLinear", List.of(x), names, List.of());
            graph.insertBefore(product, quantize);
        }
        return names;
    }

    private List<String> fixed(Node product, String x, String parameter) {
        InputRange range = ranges.get(parameter);
        if (range == null) {
            throw new IllegalArgumentException("no range is known for the input of " + parameter);
        }
        List<String> names = List.of(x + ".uint8", x + ".scale", x + ".zero");
        if (!graph.hasValue(names.get(0))) {
            graph.addConstant(names.get(1), Tensor.fromFloats(new float[] {range.scale()}));
            graph.addConstant(names.get(2), Tensor.fromBytes(new byte[] {(byte) range.zeroPoint()}, Dtype.UINT8));
            graph.insertBefore(
                    product,
                    new Node("QuantizeLinear", List.of(x, names.get(1), names.get(2)), names.get(0), List.of()));
        }
        return names;
    }
}
