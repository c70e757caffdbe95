package dev.parlance.train.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Records the tensor operations of this thread as an ONNX graph until closed. Name the inputs and parameters, run the
 * forward once on any sample, name the outputs, then take the {@link #graph}.
 *
 * <p>Sizes of traced values are dynamic: asking for one throws, so that no sample size can slip into the graph.
 */
public final class GraphRecorder implements AutoCloseable {
    private static final ThreadLocal<@Nullable GraphRecorder> CURRENT = new ThreadLocal<>();

    private final IdentityHashMap<Tensor, String> traced = new IdentityHashMap<>();
    private final IdentityHashMap<Tensor, String> parameters = new IdentityHashMap<>();
    private final Map<String, Graph.Initializer> initializers = new LinkedHashMap<>();
    private final List<Graph.Value> inputs = new ArrayList<>();
    private final List<Graph.Value> outputs = new ArrayList<>();
    private final List<Graph.Node> nodes = new ArrayList<>();

    private GraphRecorder() {}

    /** Starts recording on this thread. */
    public static GraphRecorder start() {
        if (CURRENT.get() != null) {
            throw new IllegalStateException("a graph is already being recorded on this thread");
        }
        GraphRecorder recorder = new GraphRecorder();
        CURRENT.set(recorder);
        return recorder;
    }

    static @Nullable GraphRecorder current() {
        return CURRENT.get();
    }

    /** Declares a graph input; each dimension is a number or a name for a dynamic size. */
    public void input(String name, Tensor tensor, String... dims) {
        traced.put(tensor, name);
        inputs.add(new Graph.Value(name, tensor.dtype(), List.of(dims)));
    }

    /** Declares a weight; it is stored only if the forward uses it. */
    public void parameter(String name, Tensor tensor) {
        parameters.put(tensor, name);
    }

    /** Declares a computed value as a graph output under the given name. */
    public void output(String name, Tensor tensor, String... dims) {
        String value = name(tensor);
        nodes.add(new Graph.Node("Identity", List.of(value), name, List.of()));
        outputs.add(new Graph.Value(name, tensor.dtype(), List.of(dims)));
    }

    /** What was recorded so far. */
    public Graph graph() {
        return new Graph(inputs, outputs, nodes, List.copyOf(initializers.values()));
    }

    @Override
    public void close() {
        if (CURRENT.get() == this) {
            CURRENT.remove();
        }
    }

    boolean isTraced(Tensor tensor) {
        return traced.containsKey(tensor);
    }

    void bind(Tensor tensor, String name) {
        traced.put(tensor, name);
    }

    /** The graph's name of a value; a parameter becomes an initializer when first asked for. */
    String name(Tensor tensor) {
        String value = traced.get(tensor);
        if (value != null) {
            return value;
        }
        String parameter = parameterName(tensor);
        return initializer(parameter, tensor);
    }

    List<String> names(Tensor... tensors) {
        return Arrays.stream(tensors).map(this::name).toList();
    }

    /** A weight [out, in] stored as [in, out], so that the runtime needs no Transpose; null if it is a computed value. */
    @Nullable
    String transposed(Tensor weight) {
        if (traced.containsKey(weight)) {
            return null;
        }
        String name = parameterName(weight) + ".transposed";
        Graph.Initializer known = initializers.get(name);
        return known != null
                ? name
                : initializer(
                        name, new Tensor(weight.raw.detach().transpose(0, 1).contiguous()));
    }

    /** A constant list of int64. */
    String longs(long... values) {
        String name = "const_i64"
                + Arrays.toString(values).replaceAll("[\\[\\] ]", "_").replace(',', '_');
        return known(name) ? name : initializer(name, Tensor.fromLongs(values, values.length));
    }

    /** A constant int64 scalar. */
    String scalar(long value) {
        String name = "const_i64_scalar_" + value;
        return known(name) ? name : initializer(name, Tensor.fromLongs(new long[] {value}));
    }

    /** A constant float32 scalar. */
    String scalar(float value) {
        String name = "const_f32_" + value;
        return known(name) ? name : initializer(name, Tensor.fromFloats(new float[] {value}));
    }

    /** Adds a node and returns the name of its output. */
    String node(String opType, List<String> nodeInputs, Attribute... attributes) {
        String output = opType + "_" + nodes.size();
        nodes.add(new Graph.Node(opType, nodeInputs, output, List.of(attributes)));
        return output;
    }

    private boolean known(String name) {
        return initializers.containsKey(name);
    }

    private String initializer(String name, Tensor data) {
        initializers.putIfAbsent(name, new Graph.Initializer(name, data));
        return name;
    }

    private String parameterName(Tensor tensor) {
        String name = parameters.get(tensor);
        if (name == null) {
            throw new TensorException(
                    "a tensor " + tensor.describe() + " was made outside the trace; declare it as input"
                            + " or parameter of the recorder, or build it from traced values");
        }
        return name;
    }
}
