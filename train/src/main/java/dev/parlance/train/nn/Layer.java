package dev.parlance.train.nn;

import dev.parlance.train.tensor.Tensor;
import dev.parlance.train.tensor.TensorScope;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * A part of a model: named parameters and named children. A name may be a path such as {@code attention.self.query}, so
 * that parameters carry Hugging Face's names without a class for each dot. New layers are in evaluation mode.
 *
 * <p>A layer owns its parameters, which outlive every {@link TensorScope}; {@link #close} frees them.
 */
public abstract class Layer implements AutoCloseable {
    private final Map<String, Tensor> parameters = new LinkedHashMap<>();
    private final Map<String, Layer> children = new LinkedHashMap<>();
    private boolean training;

    /** Registers a parameter that gets gradients. */
    protected final Tensor parameter(String name, Tensor tensor) {
        parameters.put(name, TensorScope.retain(tensor.requiresGrad(true)));
        return tensor;
    }

    /** Registers a part of this layer. */
    protected final <L extends Layer> L child(String name, L layer) {
        children.put(name, layer);
        return layer;
    }

    /** All parameters of this layer and its children by their full names, in the order of registration. */
    public final Map<String, Tensor> namedParameters() {
        Map<String, Tensor> all = new LinkedHashMap<>();
        walk("", (path, layer) -> layer.parameters.forEach((name, tensor) -> all.put(join(path, name), tensor)));
        return Collections.unmodifiableMap(all);
    }

    /** Shows this layer and every layer below it with its path; the path of this layer is empty. */
    public final void forEachLayer(BiConsumer<String, Layer> action) {
        walk("", action);
    }

    /** Switches dropout on or off, here and below. */
    public final void train(boolean on) {
        walk("", (path, layer) -> layer.training = on);
    }

    /** Whether dropout is on. */
    public final boolean isTraining() {
        return training;
    }

    /** Frees the parameters. Closing twice is safe. */
    @Override
    public final void close() {
        walk("", (path, layer) -> layer.parameters.values().forEach(Tensor::close));
    }

    private void walk(String path, BiConsumer<String, Layer> action) {
        action.accept(path, this);
        children.forEach((name, layer) -> layer.walk(join(path, name), action));
    }

    private static String join(String path, String name) {
        if (path.isEmpty() || name.isEmpty()) {
            return path + name;
        }
        return path + "." + name;
    }
}
