package dev.parlance.train.weights;

import dev.parlance.config.UserError;
import dev.parlance.train.weights.OnnxGraph.Node;
import dev.parlance.train.weights.OnnxGraph.StoredTensor;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The BERT encoder in an ONNX graph: its weights under Hugging Face's names and its sizes.
 *
 * @param weights by name, in the order of Hugging Face's state dictionary
 */
record BertGraph(Map<String, Weight> weights, BertShape shape) {
    private static final String WORDS = "embeddings.word_embeddings.weight";
    private static final String POSITIONS = "embeddings.position_embeddings.weight";
    private static final String TYPES = "embeddings.token_type_embeddings.weight";
    private static final String POSITION_IDS = "embeddings.position_ids"; // a buffer that newer exports leave out
    private static final String MATMUL = "/MatMul";
    private static final List<String> EMBEDDINGS =
            List.of(WORDS, POSITIONS, TYPES, "embeddings.LayerNorm.weight", "embeddings.LayerNorm.bias");
    private static final List<String> LINEARS = List.of(
            "attention.self.query",
            "attention.self.key",
            "attention.self.value",
            "attention.output.dense",
            "intermediate.dense",
            "output.dense");
    private static final List<String> NORMS = List.of("attention.output.LayerNorm", "output.LayerNorm");

    BertGraph {
        weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    }

    /** A stored tensor; {@code transposed} if it is [in, out] where Hugging Face has [out, in]. */
    record Weight(StoredTensor tensor, boolean transposed) {}

    /** Finds the encoder; {@code values} reads a stored tensor's bytes. */
    static BertGraph of(Path file, OnnxGraph graph, Function<StoredTensor, ByteBuffer> values) {
        return new Finder(file, graph, values).find();
    }

    private static final class Finder {
        private final Path file;
        private final OnnxGraph graph;
        private final Function<StoredTensor, ByteBuffer> values;
        private final Map<String, StoredTensor> constants = new HashMap<>();
        private final Map<String, Weight> weights = new HashMap<>();

        Finder(Path file, OnnxGraph graph, Function<StoredTensor, ByteBuffer> values) {
            this.file = file;
            this.graph = graph;
            this.values = values;
        }

        BertGraph find() {
            collectConstants();
            collectNamed();
            collectLinears();
            BertShape shape = shape();
            Map<String, List<Long>> expected = expected(shape);
            checkNames(expected.keySet());
            Map<String, Weight> ordered = new LinkedHashMap<>();
            expected.forEach((name, sizes) -> ordered.put(name, checked(name, sizes)));
            return new BertGraph(ordered, shape);
        }

        private void collectConstants() {
            for (Node node : graph.nodes()) {
                if (node.value() != null) {
                    constants.put(node.name(), node.value());
                }
            }
        }

        private void collectNamed() {
            for (StoredTensor tensor : graph.initializers().values()) {
                boolean isFloat = tensor.dataType() == StoredTensor.FLOAT;
                if (!isFloat && !tensor.name().equals(POSITION_IDS)) {
                    throw broken("initializer " + tensor.name() + " has the element type " + tensor.dataType()
                            + ", expected 1 (float)");
                }
                if (isFloat && !tensor.name().startsWith("onnx::")) {
                    weights.put(tensor.name(), new Weight(tensor, false));
                }
            }
        }

        private void collectLinears() {
            Set<String> used = new LinkedHashSet<>();
            for (Node node : graph.nodes()) {
                StoredTensor matrix =
                        node.opType().equals("MatMul") && node.inputs().size() == 2
                                ? graph.initializers().get(node.inputs().get(1))
                                : null;
                if (matrix != null) {
                    String layer = layerOf(node);
                    checkBias(node, layer, matrix);
                    used.add(matrix.name());
                    if (weights.put(layer + ".weight", new Weight(matrix, true)) != null) {
                        throw broken(layer + ".weight appears twice");
                    }
                }
            }
            for (String name : graph.initializers().keySet()) {
                if (name.startsWith("onnx::") && !used.contains(name)) {
                    throw broken("no MatMul uses the initializer " + name);
                }
            }
        }

        private String layerOf(Node matmul) {
            String name = matmul.name();
            if (!name.startsWith("/") || !name.endsWith(MATMUL)) {
                throw broken("a MatMul with weights is called '" + name + "', expected /.../MatMul");
            }
            return name.substring(1, name.length() - MATMUL.length()).replace('/', '.');
        }

        private void checkBias(Node matmul, String layer, StoredTensor matrix) {
            String bias = layer + ".bias";
            Set<String> operands = Set.of(bias, matmul.outputs().get(0));
            boolean added = graph.nodes().stream()
                    .anyMatch(node -> node.opType().equals("Add")
                            && node.inputs().size() == 2
                            && operands.containsAll(node.inputs())
                            && node.inputs().contains(bias));
            StoredTensor stored = graph.initializers().get(bias);
            if (!added || stored == null || matrix.shape().size() != 2) {
                throw broken(matmul.name() + " is not followed by the addition of " + bias);
            }
            if (!stored.shape().equals(matrix.shape().subList(1, 2))) {
                throw broken(bias + " has shape " + stored.shape() + " beside a matrix of " + matrix.shape());
            }
        }

        private BertShape shape() {
            int layers = 0;
            while (weights.containsKey("encoder.layer." + layers + ".attention.self.query.weight")) {
                layers++;
            }
            if (layers == 0) {
                throw broken("it has no encoder.layer.0.attention.self.query");
            }
            List<Long> words = sizes(WORDS);
            List<Long> intermediate = sizes("encoder.layer.0.intermediate.dense.bias");
            int hidden = words.get(words.size() - 1).intValue();
            return new BertShape(
                    words.get(0).intValue(),
                    hidden,
                    layers,
                    heads(layers, hidden),
                    intermediate.get(0).intValue(),
                    sizes(POSITIONS).get(0).intValue(),
                    sizes(TYPES).get(0).intValue(),
                    layerNormEps());
        }

        // The exporter writes heads and head size as the constants of the first reshape in each layer.
        private int heads(int layers, int hidden) {
            Set<Long> heads = new LinkedHashSet<>();
            for (int layer = 0; layer < layers; layer++) {
                String prefix = "/encoder/layer." + layer + "/attention/self/Constant_";
                long count = wholeNumber(prefix + 2);
                long size = wholeNumber(prefix + 3);
                if (count * size != hidden) {
                    throw broken("layer " + layer + " has " + count + " heads of size " + size
                            + ", but the hidden size is " + hidden);
                }
                heads.add(count);
            }
            if (heads.size() != 1) {
                throw broken("its layers differ in the number of heads: " + heads);
            }
            return heads.iterator().next().intValue();
        }

        // Shown to the shortest decimal: the stored float of 1e-12 is 9.99999996004197e-13.
        private double layerNormEps() {
            StoredTensor eps = constant("/embeddings/LayerNorm/Constant_1", StoredTensor.FLOAT, Float.BYTES);
            return Double.parseDouble(Float.toString(values.apply(eps).getFloat(0)));
        }

        private long wholeNumber(String name) {
            return values.apply(constant(name, StoredTensor.INT64, Long.BYTES)).getLong(0);
        }

        private StoredTensor constant(String name, int dataType, int bytes) {
            StoredTensor constant = constants.get(name);
            if (constant == null || constant.dataType() != dataType || constant.length() != bytes) {
                throw broken("it has no single constant " + name);
            }
            return constant;
        }

        private List<Long> sizes(String name) {
            Weight weight = weights.get(name);
            if (weight == null || weight.tensor().shape().isEmpty()) {
                throw broken("it has no " + name);
            }
            return weight.tensor().shape();
        }

        private Weight checked(String name, List<Long> expected) {
            Weight weight = weights.get(name);
            if (weight == null) {
                throw broken("it has no " + name);
            }
            List<Long> shape = weight.tensor().shape();
            long bytes = expected.stream().reduce((long) Float.BYTES, (a, b) -> a * b);
            if (!shape.equals(expected) || weight.tensor().length() != bytes) {
                throw broken(name + " is stored as " + shape + " in "
                        + weight.tensor().length() + " bytes, expected " + expected + " in " + bytes);
            }
            return weight;
        }

        private void checkNames(Set<String> expected) {
            List<String> extra = new ArrayList<>(weights.keySet());
            extra.removeAll(expected);
            if (!extra.isEmpty()) {
                Collections.sort(extra);
                throw broken("it has weights that a BERT encoder has not: " + extra);
            }
        }

        private UserError broken(String what) {
            return new UserError(file + " is no BERT encoder that this version can read: " + what);
        }
    }

    /** The stored shapes of all weights, matrices as [in, out]. */
    private static Map<String, List<Long>> expected(BertShape shape) {
        long hidden = shape.hiddenSize();
        long wide = shape.intermediateSize();
        Map<String, List<Long>> expected = new LinkedHashMap<>();
        EMBEDDINGS.forEach(name -> expected.put(name, List.of(hidden)));
        expected.put(WORDS, List.of((long) shape.vocabSize(), hidden));
        expected.put(POSITIONS, List.of((long) shape.maxPositionEmbeddings(), hidden));
        expected.put(TYPES, List.of((long) shape.typeVocabSize(), hidden));
        for (int layer = 0; layer < shape.numHiddenLayers(); layer++) {
            String prefix = "encoder.layer." + layer + ".";
            for (String linear : LINEARS) {
                long in = linear.equals("output.dense") ? wide : hidden;
                long out = linear.equals("intermediate.dense") ? wide : hidden;
                expected.put(prefix + linear + ".weight", List.of(in, out));
                expected.put(prefix + linear + ".bias", List.of(out));
            }
            for (String norm : NORMS) {
                expected.put(prefix + norm + ".weight", List.of(hidden));
                expected.put(prefix + norm + ".bias", List.of(hidden));
            }
        }
        return expected;
    }
}
