package dev.parlance.train.tensor;

import java.util.List;
import java.util.stream.LongStream;

/** An attribute of an ONNX node. The value is a Long, a Float or a list of Longs. */
public record Attribute(String name, Object value) {
    public Attribute {
        if (!(value instanceof Long || value instanceof Float || value instanceof List<?>)) {
            throw new IllegalArgumentException("attribute " + name + " is a "
                    + value.getClass().getSimpleName() + "; expected Long, Float or a list of Longs");
        }
    }

    /** An integer. */
    public static Attribute of(String name, long value) {
        return new Attribute(name, value);
    }

    /** A number in 32 bits. */
    public static Attribute of(String name, float value) {
        return new Attribute(name, value);
    }

    /** A list of integers. */
    public static Attribute longs(String name, long... values) {
        return new Attribute(name, LongStream.of(values).boxed().toList());
    }
}
