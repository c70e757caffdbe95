package dev.parlance.train.export;

import dev.parlance.train.tensor.Graph;
import dev.parlance.train.tensor.Graph.Node;
import dev.parlance.train.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A graph while it is rewritten. A rewrite replaces one node by others that make the same values; what nobody takes any more
 * is dropped at the end. Nodes stay in the order of computation, so a replacement may use what was made before its place.
 */
final class GraphEditor {
    private final Graph source;
    private final List<Node> nodes;
    private final Map<String, Node> producers = new LinkedHashMap<>();
    private final Map<String, Graph.Initializer> initializers = new LinkedHashMap<>();

    GraphEditor(Graph graph) {
        source = graph;
        nodes = new ArrayList<>(graph.nodes());
        nodes.forEach(this::register);
        graph.initializers().forEach(initializer -> initializers.put(initializer.name(), initializer));
    }

    /** The nodes as they are now; later rewrites do not show in it. */
    List<Node> nodes() {
        return List.copyOf(nodes);
    }

    /** The node that makes a value, if it is of this type; null otherwise. */
    @Nullable
    Node producer(String value, String opType) {
        Node node = producers.get(value);
        return node != null && node.opType().equals(opType) ? node : null;
    }

    /** The constant or weight of this name, or null. */
    @Nullable
    Tensor constant(String value) {
        Graph.Initializer initializer = initializers.get(value);
        return initializer == null ? null : initializer.data();
    }

    /** Whether a value is the constant number {@code expected}, to five digits. */
    boolean isScalar(String value, double expected) {
        Tensor constant = constant(value);
        return constant != null
                && constant.numel() == 1
                && Math.abs(constant.item() - expected) <= 1e-5 * Math.abs(expected);
    }

    /** The nodes that take a value. */
    List<Node> consumers(String value) {
        return nodes.stream().filter(node -> node.inputs().contains(value)).toList();
    }

    /** Adds a constant, unless there is one of this name, and returns the name. */
    String addConstant(String name, Tensor data) {
        initializers.putIfAbsent(name, new Graph.Initializer(name, data));
        return name;
    }

    /** Puts other nodes in the place of one, the last of which makes the same values. */
    void replace(Node old, Node... replacement) {
        int place = nodes.indexOf(old);
        if (place < 0) {
            throw new IllegalArgumentException(old + " is no node of this graph");
        }
        nodes.remove(place);
        old.outputs().forEach(producers::remove);
        nodes.addAll(place, List.of(replacement));
        List.of(replacement).forEach(this::register);
    }

    /** Puts a node before another. */
    void insertBefore(Node place, Node added) {
        nodes.add(nodes.indexOf(place), added);
        register(added);
    }

    /** Drops a node whose values another makes now. */
    void remove(Node node) {
        nodes.remove(node);
    }

    /** Puts a node before all others. */
    void addFirst(Node node) {
        nodes.add(0, node);
        register(node);
    }

    boolean hasValue(String name) {
        return producers.containsKey(name);
    }

    /** The graph without what no output needs. */
    Graph toGraph() {
        Set<String> needed = new HashSet<>();
        source.outputs().forEach(output -> needed.add(output.name()));
        List<Node> kept = new ArrayList<>();
        for (int i = nodes.size() - 1; i >= 0; i--) {
            Node node = nodes.get(i);
            if (node.outputs().stream().anyMatch(needed::contains)) {
                needed.addAll(node.inputs());
                kept.add(0, node);
            }
        }
        List<Graph.Initializer> used = initializers.values().stream()
                .filter(initializer -> needed.contains(initializer.name()))
                .toList();
        return new Graph(source.inputs(), source.outputs(), kept, used);
    }

    private void register(Node node) {
        node.outputs().stream().filter(output -> !output.isEmpty()).forEach(output -> producers.put(output, node));
    }
}
