package dev.parlance.train.weights;

import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Weights in memory, for tests. */
public final class ArrayWeights implements WeightSource {
    private final Map<String, long[]> shapes = new LinkedHashMap<>();
    private final Map<String, float[]> values = new LinkedHashMap<>();

    public ArrayWeights with(String name, long[] shape, float... floats) {
        shapes.put(name, shape);
        values.put(name, floats);
        return this;
    }

    @Override
    public Set<String> names() {
        return shapes.keySet();
    }

    @Override
    public long[] shape(String name) {
        return Objects.requireNonNull(shapes.get(name), name);
    }

    @Override
    public void copyInto(String name, FloatBuffer target) {
        target.put(Objects.requireNonNull(values.get(name), name));
    }
}
