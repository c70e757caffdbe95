package dev.parlance.train.tensor;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Operations that take more than one ONNX node, in the forms that ONNX Runtime recognizes and fuses. */
final class OnnxOps {
    private OnnxOps() {}

    static String linear(GraphRecorder g, Tensor x, Tensor weight, @Nullable Tensor bias) {
        String matrix = g.transposed(weight);
        if (matrix == null) {
            matrix = g.node("Transpose", g.names(weight), Attribute.longs("perm", 1, 0));
        }
        String product = g.node("MatMul", List.of(g.name(x), matrix));
        return bias == null ? product : g.node("Add", List.of(g.name(bias), product));
    }

    static String sliceLike(GraphRecorder g, Tensor x, int dim, Tensor like, int likeDim) {
        String shape = g.node("Shape", g.names(like));
        String end = g.node("Gather", List.of(shape, g.longs(likeDim)), Attribute.of("axis", 0L));
        return g.node("Slice", List.of(g.name(x), g.longs(0), end, g.longs(dim)));
    }

    static String silu(GraphRecorder g, Tensor x) {
        String sigmoid = g.node("Sigmoid", g.names(x));
        return g.node("Mul", List.of(g.name(x), sigmoid));
    }

    static String gelu(GraphRecorder g, Tensor x) {
        String scaled = g.node("Div", List.of(g.name(x), g.scalar((float) Math.sqrt(2))));
        String erf = g.node("Erf", List.of(scaled));
        String onePlus = g.node("Add", List.of(erf, g.scalar(1f)));
        String product = g.node("Mul", List.of(g.name(x), onePlus));
        return g.node("Mul", List.of(product, g.scalar(0.5f)));
    }

    static String geluTanh(GraphRecorder g, Tensor x) {
        String cube = g.node("Pow", List.of(g.name(x), g.scalar(3f)));
        String inner = g.node("Add", List.of(g.name(x), g.node("Mul", List.of(cube, g.scalar(0.044715f)))));
        String tanh = g.node("Tanh", List.of(g.node("Mul", List.of(inner, g.scalar((float) Math.sqrt(2 / Math.PI))))));
        String onePlus = g.node("Add", List.of(tanh, g.scalar(1f)));
        return g.node("Mul", List.of(g.node("Mul", List.of(g.name(x), g.scalar(0.5f))), onePlus));
    }
}
