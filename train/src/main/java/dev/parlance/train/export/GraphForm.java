package dev.parlance.train.export;

import dev.parlance.train.tensor.Graph;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * How a traced graph is written.
 *
 * @param opset version of the operators
 * @param rewrites what is done to the graph, in order
 */
record GraphForm(Opset opset, List<Consumer<GraphEditor>> rewrites) {
    GraphForm {
        rewrites = List.copyOf(rewrites);
    }

    /**
     * A graph in 32 bits.
     *
     * @param fused whether operators that only ONNX Runtime has may stand in it
     */
    static GraphForm of(Opset opset, boolean fused) {
        return new GraphForm(opset, fused ? fusions() : List.of());
    }

    /** This form of the graph that {@code rewrite} makes of the traced one. */
    GraphForm after(Consumer<GraphEditor> rewrite) {
        List<Consumer<GraphEditor>> all = new ArrayList<>(List.of(rewrite));
        all.addAll(rewrites);
        return new GraphForm(opset, all);
    }

    Graph applyTo(Graph graph) {
        GraphEditor editor = new GraphEditor(graph);
        rewrites.forEach(rewrite -> rewrite.accept(editor));
        if (!opset.hasLayerNorm()) {
            LayerNormLowering.apply(editor);
        }
        return editor.toGraph();
    }

    private static List<Consumer<GraphEditor>> fusions() {
        return List.of(
                graph -> AttentionFusion.apply(graph, AttentionFusion.Form.ATTENTION),
                GeluFusion::apply,
                SkipLayerNormFusion::apply);
    }
}
