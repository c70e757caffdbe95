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

    /** One ONNX operator with one output. */
    public record Node(String opType, List<String> inputs, String output, List<Attribute> attributes) {
        public Node {
            inputs = List.copyOf(inputs);
            attributes = List.copyOf(attributes);
        }
    }

    /** A constant or parameter; {@code data} is valid as long as the scope of the trace. */
    public record Initializer(String name, Tensor data) {}
}
