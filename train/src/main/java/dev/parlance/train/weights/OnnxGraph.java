package dev.parlance.train.weights;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The operations and the stored tensors of an ONNX file; values stay in the file.
 *
 * @param nodes operations, in file order
 * @param initializers stored tensors by name, in file order
 */
record OnnxGraph(List<Node> nodes, Map<String, StoredTensor> initializers) {
    OnnxGraph {
        nodes = List.copyOf(nodes);
        initializers = Collections.unmodifiableMap(new LinkedHashMap<>(initializers));
    }

    /** An operation; a Constant has its value. */
    record Node(
            String name,
            String opType,
            List<String> inputs,
            List<String> outputs,
            @Nullable StoredTensor value) {
        Node {
            inputs = List.copyOf(inputs);
            outputs = List.copyOf(outputs);
        }
    }

    /**
     * A tensor whose values lie in the file, little-endian, in row-major order.
     *
     * @param dataType ONNX's number of the element type
     * @param shape sizes of the dimensions; empty for a scalar
     * @param offset of the first byte, from the start of the file
     * @param length in bytes; 0 if the values are not stored as raw bytes
     */
    record StoredTensor(String name, int dataType, List<Long> shape, long offset, int length) {
        static final int FLOAT = 1;
        static final int INT64 = 7;

        StoredTensor {
            shape = List.copyOf(shape);
        }
    }
}
