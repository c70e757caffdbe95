package dev.parlance.train.tensor;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * An n-dimensional array with gradients. Each operation makes one libtorch call and, while a {@link GraphRecorder} is
 * open on this thread, adds its ONNX node; so a forward written once both trains and exports. Names ending in
 * {@code InPlace} change this tensor; the others return a new one.
 *
 * <p>A tensor dies with the innermost {@link TensorScope} of the thread that made it; one made outside every scope lives
 * until {@link #close}. A tensor is used by one thread at a time. Failures are {@link TensorException}s that name the
 * operation and the shapes.
 */
public final class Tensor implements AutoCloseable {
    /** In {@link #reshape}: keep the input's size at the same index, whatever it is. */
    public static final long KEEP = 0;

    final org.bytedeco.pytorch.Tensor raw;
    private boolean owned;

    Tensor(org.bytedeco.pytorch.Tensor raw) {
        this.raw = raw;
        if (PointerScope.getInnerScope() == null) {
            retained();
        }
    }

    // --- making and reading -----------------------------------------------------------------------------------------

    /** A float32 tensor that holds a copy of {@code data}, whose length must be the product of {@code shape}. */
    public static Tensor fromFloats(float[] data, long... shape) {
        return NativeData.fromFloats(data, shape);
    }

    /** An int64 tensor that holds a copy of {@code data}, whose length must be the product of {@code shape}. */
    public static Tensor fromLongs(long[] data, long... shape) {
        return NativeData.fromLongs(data, shape);
    }

    /** A tensor of one-byte elements, such as INT8, that holds a copy of {@code data}. */
    public static Tensor fromBytes(byte[] data, Dtype dtype, long... shape) {
        return NativeData.fromBytes(data, dtype, shape);
    }

    /** A float32 tensor of zeros. */
    public static Tensor zeros(long... shape) {
        Torch.load();
        return new Tensor(NativeCall.call("zeros", () -> torch.zeros(shape)));
    }

    /** A float32 tensor in which each element is {@code value}. */
    public static Tensor full(double value, long... shape) {
        return zeros(shape).fillInPlace(value);
    }

    /** Zeros of this tensor's shape and type. */
    public Tensor zerosLike() {
        return new Tensor(NativeCall.call("zerosLike", () -> torch.zeros_like(raw), this));
    }

    /** All elements in row-major order, converted to float32. */
    public float[] toFloats() {
        return NativeData.toFloats(this);
    }

    /** All elements of an int64 tensor in row-major order. */
    public long[] toLongs() {
        return NativeData.toLongs(this);
    }

    /** The value of a tensor with one element. */
    public double item() {
        return NativeCall.call("item", raw::item_double, this);
    }

    /**
     * Shows the tensor's own float32 memory in row-major order to {@code body}, to read or to fill without a copy. The
     * buffer must not be used after the call. The tensor must be float32 and contiguous.
     */
    public void withBuffer(Consumer<FloatBuffer> body) {
        body.accept(NativeData.buffer(this));
    }

    /** As {@link #withBuffer}, for elements of any type: their bytes in the processor's order. */
    public void withBytes(Consumer<ByteBuffer> body) {
        if (!raw.is_contiguous()) {
            throw new TensorException("withBytes(" + describe() + "): expected row-major (contiguous) memory");
        }
        body.accept(NativeData.bytes(this));
    }

    // --- shape ------------------------------------------------------------------------------------------------------

    /**
     * Sizes of all dimensions.
     *
     * @throws TensorException for a traced value, whose sizes must not become constants of the graph
     */
    public long[] shape() {
        refuseWhileTraced("shape()");
        return rawShape();
    }

    /** Size of one dimension, counted from the end if negative; refused for a traced value as {@link #shape} is. */
    public long size(int dim) {
        refuseWhileTraced("size(" + dim + ")");
        return NativeCall.call("size", () -> raw.size(dim), this);
    }

    /** Number of dimensions. */
    public int rank() {
        return (int) raw.dim();
    }

    /** Number of elements; refused for a traced value as {@link #shape} is. */
    public long numel() {
        refuseWhileTraced("numel()");
        return raw.numel();
    }

    /** Element type. */
    public Dtype dtype() {
        return Dtype.of(raw.scalar_type());
    }

    /** A view with other sizes: {@link #KEEP} copies the input's size at that index, one -1 takes what is left. */
    public Tensor reshape(long... sizes) {
        long[] resolved = sizes.clone();
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] == KEEP) {
                resolved[i] = raw.size(i);
            }
        }
        return op(
                "reshape",
                () -> raw.reshape(resolved),
                g -> g.node("Reshape", List.of(g.name(this), g.longs(sizes))),
                this);
    }

    /** The dimensions in another order. */
    public Tensor permute(long... order) {
        return op(
                "permute",
                () -> raw.permute(order),
                g -> g.node("Transpose", List.of(g.name(this)), Attribute.longs("perm", order)),
                this);
    }

    /** Two dimensions exchanged; negative numbers count from the end. */
    public Tensor transpose(int a, int b) {
        long[] order = new long[rank()];
        Arrays.setAll(order, i -> i);
        int from = index(a);
        int to = index(b);
        order[from] = to;
        order[to] = from;
        return permute(order);
    }

    /** The slice at {@code index} of one dimension, which disappears. */
    public Tensor select(int dim, long index) {
        return op(
                "select",
                () -> raw.select(dim, index),
                g -> g.node("Gather", List.of(g.name(this), g.scalar(index)), Attribute.of("axis", (long) index(dim))),
                this);
    }

    /** Elements {@code start} (inclusive) to {@code end} (exclusive) of one dimension. */
    public Tensor slice(int dim, long start, long end) {
        return op(
                "slice",
                () -> slice(raw, dim, start, end),
                g -> g.node("Slice", List.of(g.name(this), g.longs(start), g.longs(end), g.longs(index(dim)))),
                this);
    }

    /** The first elements of dimension {@code dim}, as many as {@code like} has in dimension {@code likeDim}. */
    public Tensor sliceLike(int dim, Tensor like, int likeDim) {
        return op(
                "sliceLike",
                () -> slice(raw, dim, 0, like.raw.size(likeDim)),
                g -> OnnxOps.sliceLike(g, this, index(dim), like, like.index(likeDim)),
                this,
                like);
    }

    /** A view with one more dimension of size 1 at {@code dim}. */
    public Tensor unsqueeze(int dim) {
        return op(
                "unsqueeze",
                () -> raw.unsqueeze(dim),
                g -> g.node("Unsqueeze", List.of(g.name(this), g.longs(dim))),
                this);
    }

    /** Tensors joined along one dimension. */
    public static Tensor cat(int dim, List<Tensor> parts) {
        return op(
                "cat",
                () -> {
                    try (TensorVector vector = vector(parts)) {
                        return torch.cat(vector, dim);
                    }
                },
                g -> g.node("Concat", parts.stream().map(g::name).toList(), Attribute.of("axis", (long) dim)),
                parts.toArray(new Tensor[0]));
    }

    /** The same values in row-major memory. */
    public Tensor contiguous() {
        return op("contiguous", () -> raw.contiguous(), g -> g.name(this), this);
    }

    /** The values as another element type. */
    public Tensor to(Dtype type) {
        return op(
                "to",
                () -> raw.to(type.scalarType),
                g -> g.node("Cast", List.of(g.name(this)), Attribute.of("to", (long) type.onnxCode())),
                this);
    }

    // --- products ---------------------------------------------------------------------------------------------------

    /** Matrix product over the last two dimensions, batched over the others. */
    public Tensor matmul(Tensor other) {
        return op("matmul", () -> raw.matmul(other.raw), g -> g.node("MatMul", g.names(this, other)), this, other);
    }

    /** {@code x weightᵀ + bias} over the last dimension: weight is [out, in], bias [out] or absent. */
    public Tensor linear(Tensor weight, @Nullable Tensor bias) {
        if (bias == null) {
            return op(
                    "linear",
                    () -> torch.linear(raw, weight.raw),
                    g -> OnnxOps.linear(g, this, weight, null),
                    this,
                    weight);
        }
        return op(
                "linear",
                () -> {
                    try (TensorOptional b = new TensorOptional(bias.raw)) {
                        return torch.linear(raw, weight.raw, b);
                    }
                },
                g -> OnnxOps.linear(g, this, weight, bias),
                this,
                weight,
                bias);
    }

    /** Rows of this table [rows, width] at int64 {@code ids}; the row {@code paddingId} gets no gradient (-1: none). */
    public Tensor embedding(Tensor ids, long paddingId) {
        return op(
                "embedding",
                () -> torch.embedding(raw, ids.raw, paddingId, false, false),
                g -> g.node("Gather", g.names(this, ids), Attribute.of("axis", 0L)),
                this,
                ids);
    }

    // --- element-wise -----------------------------------------------------------------------------------------------

    public Tensor add(Tensor other) {
        return op("add", () -> raw.add(other.raw), g -> g.node("Add", g.names(this, other)), this, other);
    }

    public Tensor add(double value) {
        return scalarOp("add", "Add", value, s -> raw.add(s));
    }

    public Tensor sub(Tensor other) {
        return op("sub", () -> raw.sub(other.raw), g -> g.node("Sub", g.names(this, other)), this, other);
    }

    public Tensor mul(Tensor other) {
        return op("mul", () -> raw.mul(other.raw), g -> g.node("Mul", g.names(this, other)), this, other);
    }

    public Tensor mul(double value) {
        return scalarOp("mul", "Mul", value, s -> raw.mul(s));
    }

    public Tensor div(Tensor other) {
        return op("div", () -> raw.div(other.raw), g -> g.node("Div", g.names(this, other)), this, other);
    }

    /** True where an element differs from {@code value}; int64 in, bool out. */
    public Tensor notEqual(long value) {
        return op(
                "notEqual",
                () -> {
                    try (Scalar s = new Scalar(value)) {
                        return torch.ne(raw, s);
                    }
                },
                g -> g.node("Not", List.of(g.node("Equal", List.of(g.name(this), g.scalar(value))))),
                this);
    }

    /** Running sum along one dimension. */
    public Tensor cumsum(int dim) {
        return op(
                "cumsum",
                () -> torch.cumsum(raw, dim),
                g -> g.node("CumSum", List.of(g.name(this), g.scalar(index(dim)))),
                this);
    }

    public Tensor sqrt() {
        return op("sqrt", raw::sqrt, g -> g.node("Sqrt", g.names(this)), this);
    }

    /** Each element to a power. Not recorded: it is for training only. */
    public Tensor pow(double exponent) {
        return untraced(
                "pow",
                () -> {
                    try (Scalar s = new Scalar(exponent)) {
                        return raw.pow(s);
                    }
                },
                this);
    }

    public Tensor tanh() {
        return op("tanh", raw::tanh, g -> g.node("Tanh", g.names(this)), this);
    }

    public Tensor relu() {
        return op("relu", raw::relu, g -> g.node("Relu", g.names(this)), this);
    }

    public Tensor sigmoid() {
        return op("sigmoid", raw::sigmoid, g -> g.node("Sigmoid", g.names(this)), this);
    }

    /** {@code x * sigmoid(x)}. */
    public Tensor silu() {
        return op("silu", () -> torch.silu(raw), g -> OnnxOps.silu(g, this), this);
    }

    /** {@code x * 0.5 * (1 + erf(x / sqrt(2)))}. */
    public Tensor gelu() {
        return op("gelu", () -> torch.gelu(raw), g -> OnnxOps.gelu(g, this), this);
    }

    /** GELU by its tanh approximation, Hugging Face's {@code gelu_new}. */
    public Tensor geluTanh() {
        return op("geluTanh", () -> torch.gelu(raw, "tanh"), g -> OnnxOps.geluTanh(g, this), this);
    }

    /** Zeroes elements with probability {@code p} and scales the rest by 1/(1-p); one seed, one mask. */
    public Tensor dropout(double p, long seed) {
        return DropoutMask.apply(this, p, seed);
    }

    // --- rows -------------------------------------------------------------------------------------------------------

    public Tensor softmax(int dim) {
        return op(
                "softmax",
                () -> raw.softmax(dim),
                g -> g.node("Softmax", g.names(this), Attribute.of("axis", (long) dim)),
                this);
    }

    public Tensor logSoftmax(int dim) {
        return op(
                "logSoftmax",
                () -> raw.log_softmax(dim),
                g -> g.node("LogSoftmax", g.names(this), Attribute.of("axis", (long) dim)),
                this);
    }

    /** Normalizes the last dimension to mean 0 and variance 1, then scales by weight and adds bias (both [last]). */
    public Tensor layerNorm(Tensor weight, Tensor bias, double epsilon) {
        return op(
                "layerNorm",
                () -> {
                    try (TensorOptional w = new TensorOptional(weight.raw);
                            TensorOptional b = new TensorOptional(bias.raw)) {
                        return torch.layer_norm(raw, new long[] {weight.raw.size(0)}, w, b, epsilon, true);
                    }
                },
                g -> g.node(
                        "LayerNormalization",
                        g.names(this, weight, bias),
                        Attribute.of("axis", -1L),
                        Attribute.of("epsilon", (float) epsilon)),
                this,
                weight,
                bias);
    }

    /** Sum of all elements, a scalar tensor. */
    public Tensor sum() {
        return op("sum", () -> raw.sum(), g -> g.node("ReduceSum", g.names(this), Attribute.of("keepdims", 0L)), this);
    }

    /** Sum over one dimension, which stays as size 1 if {@code keepDim}. */
    public Tensor sum(int dim, boolean keepDim) {
        return op(
                "sum",
                () -> {
                    try (ScalarTypeOptional type = new ScalarTypeOptional()) {
                        return raw.sum(new long[] {dim}, keepDim, type);
                    }
                },
                g -> g.node(
                        "ReduceSum", List.of(g.name(this), g.longs(dim)), Attribute.of("keepdims", keepDim ? 1L : 0L)),
                this);
    }

    /** Mean of all elements, a scalar tensor. */
    public Tensor mean() {
        return op(
                "mean", () -> raw.mean(), g -> g.node("ReduceMean", g.names(this), Attribute.of("keepdims", 0L)), this);
    }

    /** -1, 0 or 1 by the sign of each element. Not recorded: it is for training only. */
    public Tensor sign() {
        return untraced("sign", raw::sign, this);
    }

    /** {@code 1 / sqrt(x)}. Not recorded: it is for training only. */
    public Tensor rsqrt() {
        return untraced("rsqrt", raw::rsqrt, this);
    }

    /** L2 norm of all elements, a scalar tensor. Not recorded: it is for training only. */
    public Tensor norm() {
        return untraced("norm", () -> raw.norm(), this);
    }

    /**
     * Mean cross entropy of logits [batch, classes] against int64 labels [batch], as a scalar tensor.
     *
     * @param classWeights [classes] or absent; the mean is then weighted by the weight of each label
     * @param labelSmoothing in [0, 1)
     */
    public Tensor crossEntropy(Tensor labels, @Nullable Tensor classWeights, double labelSmoothing) {
        return untraced(
                "crossEntropy",
                () -> {
                    try (TensorOptional w =
                            classWeights == null ? new TensorOptional() : new TensorOptional(classWeights.raw)) {
                        return torch.cross_entropy_loss(raw, labels.raw, w, 1, -100, labelSmoothing); // 1: mean
                    }
                },
                this,
                labels);
    }

    // --- gradients --------------------------------------------------------------------------------------------------

    /** Starts or stops recording gradients for this leaf. */
    public Tensor requiresGrad(boolean on) {
        raw.requires_grad_(on);
        return this;
    }

    public boolean requiresGrad() {
        return raw.requires_grad();
    }

    /** Adds the gradient of this scalar to every leaf that it was computed from. */
    public void backward() {
        NativeCall.backward(raw::backward, this);
    }

    /** Adds to every leaf that this tensor was computed from what {@code gradient}, of its shape, comes to there. */
    public void backward(Tensor gradient) {
        NativeCall.backward(
                () -> {
                    try (BoolOptional retainGraph = new BoolOptional();
                            TensorArrayRefOptional allLeaves = new TensorArrayRefOptional()) {
                        raw.backward(gradient.raw, retainGraph, false, allLeaves);
                    }
                },
                this,
                gradient);
    }

    /** The gradient gathered so far, or null; it shares memory with the one that optimizers see. */
    public @Nullable Tensor grad() {
        org.bytedeco.pytorch.Tensor grad = raw.grad();
        return grad != null && grad.defined() ? new Tensor(grad) : null;
    }

    /** Forgets the gradient, so that the next backward starts from none. */
    public void clearGrad() {
        try (org.bytedeco.pytorch.Tensor grad = raw.mutable_grad()) {
            grad.reset();
        }
    }

    /** The same memory without its history. */
    public Tensor detach() {
        return untraced("detach", raw::detach, this);
    }

    /** A copy in its own memory. */
    public Tensor copy() {
        return untraced("clone", () -> torch.clone(raw), this);
    }

    // --- in place: for optimizers, under Torch.noGrad()
    // ---------------------------------------------------------------

    /** {@code this += alpha * other}. */
    public Tensor addInPlace(Tensor other, double alpha) {
        return inPlace("addInPlace", alpha, s -> raw.add_(other.raw, s), other);
    }

    /** {@code this += value}. */
    public Tensor addInPlace(double value) {
        return inPlace("addInPlace", value, s -> raw.add_(s));
    }

    public Tensor mulInPlace(Tensor other) {
        NativeCall.run("mulInPlace", () -> raw.mul_(other.raw), this, other);
        return this;
    }

    public Tensor mulInPlace(double value) {
        return inPlace("mulInPlace", value, s -> raw.mul_(s));
    }

    public Tensor zeroInPlace() {
        NativeCall.run("zeroInPlace", () -> raw.zero_(), this);
        return this;
    }

    public Tensor fillInPlace(double value) {
        return inPlace("fillInPlace", value, s -> raw.fill_(s));
    }

    /** {@code this += value * a * b}. */
    public Tensor addcmulInPlace(Tensor a, Tensor b, double value) {
        return inPlace("addcmulInPlace", value, s -> raw.addcmul_(a.raw, b.raw, s), a, b);
    }

    /** {@code this += value * a / b}. */
    public Tensor addcdivInPlace(Tensor a, Tensor b, double value) {
        return inPlace("addcdivInPlace", value, s -> raw.addcdiv_(a.raw, b.raw, s), a, b);
    }

    /** Takes over the values of {@code other}, which must have the same shape. */
    public Tensor copyFrom(Tensor other) {
        if (!Arrays.equals(rawShape(), other.rawShape())) {
            throw new TensorException("copyFrom(" + describe() + ", " + other.describe() + "): shapes differ");
        }
        NativeCall.run("copyFrom", () -> raw.copy_(other.raw), this, other);
        return this;
    }

    /**
     * Makes this tensor a second name for the memory of {@code other}: what is written through one is read through the
     * other, while gradients stay apart. Shapes and types must be the same.
     */
    public Tensor shareDataOf(Tensor other) {
        if (!Arrays.equals(rawShape(), other.rawShape()) || dtype() != other.dtype()) {
            throw new TensorException("shareDataOf(" + describe() + ", " + other.describe() + "): they differ");
        }
        NativeCall.run("shareDataOf", () -> raw.set_data(other.raw), this, other);
        return this;
    }

    // --- lifetime ---------------------------------------------------------------------------------------------------

    /** Frees a tensor made outside every scope or retained; for one that belongs to a scope this does nothing. */
    @Override
    public void close() {
        if (owned) {
            owned = false;
            raw.releaseReference();
        }
    }

    Tensor retained() {
        if (!owned) {
            owned = true;
            raw.retainReference();
        }
        return this;
    }

    long[] rawShape() {
        return raw.shape();
    }

    /** Shape and type, for messages. */
    String describe() {
        return raw.isNull() ? "a closed tensor" : Arrays.toString(rawShape()) + " " + dtype();
    }

    @Override
    public String toString() {
        return "Tensor(" + describe() + ")";
    }

    static TensorVector vector(List<Tensor> tensors) {
        TensorVector vector = new TensorVector(tensors.size());
        for (int i = 0; i < tensors.size(); i++) {
            vector.put(i, tensors.get(i).raw);
        }
        return vector;
    }

    private int index(int dim) {
        return dim < 0 ? dim + rank() : dim;
    }

    private void refuseWhileTraced(String what) {
        GraphRecorder recorder = GraphRecorder.current();
        if (recorder != null && recorder.isTraced(this)) {
            throw new TensorException(what + " of a traced value would fix a dynamic size in the graph;"
                    + " use reshape(KEEP, ...) or sliceLike");
        }
    }

    private static org.bytedeco.pytorch.Tensor slice(org.bytedeco.pytorch.Tensor raw, int dim, long start, long end) {
        try (LongOptional from = new LongOptional(start);
                LongOptional to = new LongOptional(end)) {
            return raw.slice(dim, from, to, 1);
        }
    }

    /** An int64 tensor stays one: the scalar must then be whole. */
    private Tensor scalarOp(String op, String onnx, double value, Function<Scalar, org.bytedeco.pytorch.Tensor> f) {
        boolean whole = dtype() == Dtype.INT64;
        if (whole && value != Math.rint(value)) {
            throw new TensorException(op + "(" + describe() + ", " + value + "): expected a whole number");
        }
        return op(
                op,
                () -> {
                    try (Scalar s = whole ? new Scalar((long) value) : new Scalar(value)) {
                        return f.apply(s);
                    }
                },
                g -> g.node(onnx, List.of(g.name(this), whole ? g.scalar((long) value) : g.scalar((float) value))),
                this);
    }

    private Tensor inPlace(String op, double value, Consumer<Scalar> f, Tensor... inputs) {
        NativeCall.run(
                op,
                () -> {
                    try (Scalar s = new Scalar(value)) {
                        f.accept(s);
                    }
                },
                inputs);
        return this;
    }

    static Tensor untraced(String op, Supplier<org.bytedeco.pytorch.Tensor> body, Tensor... inputs) {
        return op(
                op,
                body,
                g -> {
                    throw new TensorException(op + " has no ONNX form; it must not be part of an exported forward");
                },
                inputs);
    }

    /** One libtorch call, and one ONNX value while a recorder is open. */
    static Tensor op(
            String name,
            Supplier<org.bytedeco.pytorch.Tensor> body,
            Function<GraphRecorder, String> onnx,
            Tensor... inputs) {
        OpProfile profile = OpProfile.current();
        Supplier<org.bytedeco.pytorch.Tensor> call = () -> NativeCall.call(name, body, inputs);
        Tensor result = new Tensor(profile == null ? call.get() : profile.result(name, call, inputs));
        GraphRecorder recorder = GraphRecorder.current();
        if (recorder != null) {
            recorder.bind(result, onnx.apply(recorder));
        }
        return result;
    }
}
