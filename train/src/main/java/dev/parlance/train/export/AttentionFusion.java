package dev.parlance.train.export;

import dev.parlance.train.tensor.Attribute;
import dev.parlance.train.tensor.Dtype;
import dev.parlance.train.tensor.Graph.Node;
import dev.parlance.train.tensor.Tensor;
import java.util.List;

/**
 * Puts ONNX Runtime's Attention or MultiHeadAttention in the place of the nodes between the projections of queries, keys
 * and values and the context. Attention makes the projections too, MultiHeadAttention takes them and adds their biases.
 */
final class AttentionFusion {
    enum Form {
        ATTENTION,
        MULTI_HEAD
    }

    private static final String MASK = "attention_mask.int32";
    /** Added to the scores of padding, as the encoder does. */
    private static final float MASKED = -1e9f;

    private AttentionFusion() {}

    static void apply(GraphEditor graph, Form form) {
        for (Node node : graph.nodes()) {
            AttentionMatch match = AttentionMatch.of(graph, node);
            if (match != null) {
                fuse(graph, match, form);
            }
        }
    }

    private static void fuse(GraphEditor graph, AttentionMatch match, Form form) {
        Projection query = Projection.of(graph, match.query());
        Projection key = Projection.of(graph, match.key());
        Projection value = Projection.of(graph, match.value());
        String mask = mask(graph, match.mask());
        if (query == null || key == null || value == null) {
            graph.replace(match.last(), multiHead(match, List.of(match.query(), match.key(), match.value(), "", mask)));
            return;
        }
        String bias = packed(graph, query.bias(), key.bias(), value.bias());
        boolean oneInput = query.input().equals(key.input()) && key.input().equals(value.input());
        if (form == Form.ATTENTION && oneInput) {
            String weight = packed(graph, query.weight(), key.weight(), value.weight());
            graph.replace(
                    match.last(),
                    Node.contrib(
                            "Attention",
                            List.of(query.input(), weight, bias, mask),
                            match.last().output(),
                            attributes(match)));
        } else {
            graph.replace(
                    match.last(),
                    multiHead(match, List.of(query.product(), key.product(), value.product(), bias, mask)));
        }
    }

    private static Node multiHead(AttentionMatch match, List<String> inputs) {
        return Node.contrib("MultiHeadAttention", inputs, match.last().output(), attributes(match));
    }

    private static Attribute[] attributes(AttentionMatch match) {
        return new Attribute[] {
            Attribute.of("num_heads", match.heads()),
            Attribute.of("scale", (float) match.scale()),
            Attribute.of("mask_filter_value", MASKED)
        };
    }

    private static String mask(GraphEditor graph, String attentionMask) {
        if (!graph.hasValue(MASK)) {
            Attribute to = Attribute.of("to", Dtype.INT32.onnxCode());
            graph.addFirst(new Node("Cast", List.of(attentionMask), MASK, List.of(to)));
        }
        return MASK;
    }

    /** The three constants side by side along their last dimension. */
    private static String packed(GraphEditor graph, String query, String key, String value) {
        List<Tensor> parts = List.of(constant(graph, query), constant(graph, key), constant(graph, value));
        return graph.addConstant(
                String.join("+", query, key, value),
                Tensor.cat(
                        parts.get(0).rank() - 1,
                        parts.stream().map(Tensor::detach).toList()));
    }

    private static Tensor constant(GraphEditor graph, String name) {
        Tensor constant = graph.constant(name);
        if (constant == null) {
            throw new IllegalStateException(name + " is no constant");
        }
        return constant;
    }
}
