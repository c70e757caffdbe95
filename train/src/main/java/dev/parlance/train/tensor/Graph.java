package dev.parlance.train.tensor;

import java.util.List;

/** A traced forward: nodes in order of computation, constants and parameters, and the named ends. */
public record Graph(List<Value> inputs, List<Value> outputs, List<Node> nodes, List<Initializer> initializers) {
    public Graph {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        nodes = List.copyOf(nodes);
        initializers = List.copyOf(initializers);
    }

    /** An input or output. Each dimension is a number or a name for a dynamic size. */
    public record Value(String name, Dtype dtype, List<String> dims) {
        public Value {
            dims = List.copyOf(dims);
        }
    }

    /**
     * One ONNX operator.
     *
     * @param domain {@link #ONNX} or {@link #CONTRIB}
     * @param inputs names of values; an empty name leaves an optional input out
     * @param outputs names of at least one value; an empty name leaves an optional output out
     */
    public record Node(
            String domain, String opType, List<String> inputs, List<String> outputs, List<Attribute> attributes) {
        /** The domain of the operators that the ONNX standard has. */
        public static final String ONNX = "";
        /** The domain of the operators that ONNX Runtime adds. */
        public static final String CONTRIB = "com.microsoft";

        public Node {
            inputs = List.copyOf(inputs);
            outputs = List.copyOf(outputs);
            attributes = List.copyOf(attributes);
            if (outputs.isEmpty()) {
                throw new IllegalArgumentException(opType + " has no output");
            }
        }

        /** An operator of the ONNX standard with one output. */
        public Node(String opType, List<String> inputs, String output, List<Attribute> attributes) {
            this(ONNX, opType, inputs, List.of(output), attributes);
        }

        /** An operator of ONNX Runtime with one output. */
        public static Node contrib(String opType, List<String> inputs, String output, Attribute... attributes) {
            return new Node(CONTRIB, opType, inputs, List.of(output), List.of(attributes));
        }

        /** The first output. */
        public String output() {
            return outputs.get(0);
        }
    }

    /** A constant or parameter; {@code data} is valid as long as the scope of the trace. */
    public record Initializer(String name, Tensor data) {}
}
