package dev.parlance.train.export;

import dev.parlance.train.tensor.Attribute;
import dev.parlance.train.tensor.Graph.Node;
import dev.parlance.train.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Self-attention in a traced graph, as {@link dev.parlance.train.nn.SelfAttention} records it, without its projections.
 *
 * @param last the node that makes the context {@code [batch, seq, hidden]}
 * @param query name of the projected queries {@code [batch, seq, hidden]}, not scaled
 * @param key name of the projected keys
 * @param value name of the projected values
 * @param mask name of the int64 attention mask {@code [batch, seq]}
 * @param heads number of heads
 * @param scale of the queries
 */
record AttentionMatch(Node last, String query, String key, String value, String mask, long heads, double scale) {
    /** The attention of which {@code last} makes the context; null if it makes none. */
    static @Nullable AttentionMatch of(GraphEditor graph, Node last) {
        Node context =
                last.opType().equals("Reshape") ? graph.producer(last.inputs().get(0), "Transpose") : null;
        Node mixed = context == null ? null : graph.producer(context.inputs().get(0), "MatMul");
        Node softmax = mixed == null ? null : graph.producer(mixed.inputs().get(0), "Softmax");
        Node masked = softmax == null ? null : graph.producer(softmax.inputs().get(0), "Add");
        Node scores = masked == null ? null : graph.producer(masked.inputs().get(0), "MatMul");
        if (mixed == null || masked == null || scores == null) {
            return null;
        }
        Node keys = transpose(graph, scores.inputs().get(1), 0, 1, 3, 2);
        Node queryHeads = heads(graph, scores.inputs().get(0));
        Node keyHeads = keys == null ? null : heads(graph, keys.inputs().get(0));
        Node valueHeads = heads(graph, mixed.inputs().get(1));
        String mask = mask(graph, masked.inputs().get(1));
        if (queryHeads == null || keyHeads == null || valueHeads == null || mask == null) {
            return null;
        }
        Node scaled = graph.producer(queryHeads.inputs().get(0), "Mul");
        Tensor scale = scaled == null ? null : graph.constant(scaled.inputs().get(1));
        Tensor shape = graph.constant(queryHeads.inputs().get(1));
        if (scaled == null || scale == null || shape == null) {
            return null;
        }
        return new AttentionMatch(
                last,
                scaled.inputs().get(0),
                keyHeads.inputs().get(0),
                valueHeads.inputs().get(0),
                mask,
                shape.toLongs()[2],
                scale.item());
    }

    /** The Reshape that splits hidden states into heads before they are moved in front; null if there is none. */
    private static @Nullable Node heads(GraphEditor graph, String value) {
        Node moved = transpose(graph, value, 0, 2, 1, 3);
        return moved == null ? null : graph.producer(moved.inputs().get(0), "Reshape");
    }

    private static @Nullable Node transpose(GraphEditor graph, String value, long... order) {
        Node node = graph.producer(value, "Transpose");
        return node != null && node.attributes().contains(Attribute.longs("perm", order)) ? node : null;
    }

    /** The int64 mask of which the additive one is made: {@code unsqueeze(unsqueeze((float(mask) - 1) * large))}. */
    private static @Nullable String mask(GraphEditor graph, String additive) {
        Node outer = graph.producer(additive, "Unsqueeze");
        Node inner = outer == null ? null : graph.producer(outer.inputs().get(0), "Unsqueeze");
        Node scaled = inner == null ? null : graph.producer(inner.inputs().get(0), "Mul");
        Node shifted = scaled == null ? null : graph.producer(scaled.inputs().get(0), "Add");
        if (shifted == null || !graph.isScalar(shifted.inputs().get(1), -1)) {
            return null;
        }
        Node cast = graph.producer(shifted.inputs().get(0), "Cast");
        return cast == null ? null : cast.inputs().get(0);
    }
}
