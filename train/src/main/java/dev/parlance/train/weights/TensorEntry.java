package dev.parlance.train.weights;

import java.util.List;

/**
 * Where a tensor lies in a safetensors file.
 *
 * @param shape sizes of the dimensions; empty for a scalar
 * @param begin first byte, counted from the end of the header
 * @param end one past the last byte
 */
record TensorEntry(String name, DType type, List<Long> shape, long begin, long end) {
    TensorEntry {
        shape = List.copyOf(shape);
    }

    long elements() {
        return (end - begin) / type.bytes();
    }

    long[] sizes() {
        return shape.stream().mapToLong(Long::longValue).toArray();
    }
}
