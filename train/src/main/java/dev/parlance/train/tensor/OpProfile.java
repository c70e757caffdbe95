package dev.parlance.train.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Node;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.VoidTensorHook;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Times the tensor operations of this thread until closed, each forward and again backward. What they compute stays the same,
 * bit by bit.
 *
 * <p>On a CPU libtorch goes backward in the thread that asked for it, through one node after the other, those that were made
 * last first. A hook on the result of each operation is called just before the operation's own nodes are, so the time from
 * one hook to the next is that of one operation, adding up its gradients included. An operation whose result needs no
 * gradient has no backward.
 */
public final class OpProfile implements AutoCloseable {
    private static final ThreadLocal<@Nullable OpProfile> CURRENT = new ThreadLocal<>();

    /** What libtorch does of a backward pass before it reaches the first operation. */
    private static final Watched SET_UP = new Watched("autograd", List.of(), 0);

    private static final Set<String> PRODUCTS = Set.of("linear", "matmul");

    private final Consumer<Op> sink;
    private final Map<Long, Watched> watched = new HashMap<>();
    private boolean inside;
    private @Nullable Watched pending;
    private long pendingSince;

    /**
     * A finished operation.
     *
     * @param name as {@link Tensor} calls it
     * @param backward whether it is the backward pass of one that was done before
     * @param startNanos by {@link System#nanoTime}
     * @param endNanos by {@link System#nanoTime}
     * @param shapes of the tensors that went into it
     * @param flops additions and multiplications of a matrix product; 0 for anything else
     */
    public record Op(String name, boolean backward, long startNanos, long endNanos, List<long[]> shapes, double flops) {
        /** How long it took. */
        public long nanos() {
            return endNanos - startNanos;
        }
    }

    /** An operation that will go backward, and what it computes then. */
    private record Watched(String name, List<long[]> shapes, double flops) {}

    private OpProfile(Consumer<Op> sink) {
        this.sink = sink;
    }

    /**
     * Starts timing on this thread.
     *
     * @param sink hears of each operation when it is over, on this thread
     */
    public static OpProfile start(Consumer<Op> sink) {
        if (CURRENT.get() != null) {
            throw new IllegalStateException("operations are already being timed on this thread");
        }
        Torch.load();
        OpProfile profile = new OpProfile(sink);
        CURRENT.set(profile);
        return profile;
    }

    static @Nullable OpProfile current() {
        return CURRENT.get();
    }

    /** Ends timing. Closing twice is safe. */
    @Override
    public void close() {
        if (CURRENT.get() == this) {
            CURRENT.remove();
        }
    }

    // --- forward ----------------------------------------------------------------------------------------------------

    /** An operation with a result, which may go backward. */
    org.bytedeco.pytorch.Tensor result(String name, Supplier<org.bytedeco.pytorch.Tensor> body, Tensor... inputs) {
        if (inside) {
            return body.get(); // part of another one
        }
        List<long[]> shapes = shapes(inputs);
        long start = System.nanoTime();
        org.bytedeco.pytorch.Tensor result = within(body);
        long end = System.nanoTime();
        double flops = PRODUCTS.contains(name) ? productFlops(result, shapes.get(0)) : 0;
        sink.accept(new Op(name, false, start, end, shapes, flops));
        if (result.requires_grad()) {
            watch(result, new Watched(name, shapes, flops * gradients(inputs)));
        }
        return result;
    }

    /** An operation that never goes backward, such as one that changes a tensor in place. */
    <T> T timed(String name, Supplier<T> body, Tensor... inputs) {
        if (inside) {
            return body.get();
        }
        List<long[]> shapes = shapes(inputs);
        long start = System.nanoTime();
        T result = within(body);
        sink.accept(new Op(name, false, start, System.nanoTime(), shapes, 0));
        return result;
    }

    private <T> T within(Supplier<T> body) {
        inside = true;
        try {
            return body.get();
        } finally {
            inside = false;
        }
    }

    private static List<long[]> shapes(Tensor... inputs) {
        List<long[]> shapes = new ArrayList<>(inputs.length);
        for (Tensor input : inputs) {
            shapes.add(input.raw.isNull() ? new long[0] : input.rawShape());
        }
        return shapes;
    }

    /** Each element of the result is a sum over the last dimension of the first factor. */
    private static double productFlops(org.bytedeco.pytorch.Tensor result, long[] first) {
        return first.length == 0 ? 0 : 2.0 * result.numel() * first[first.length - 1];
    }

    /** A product goes backward with one product of the same size for each factor that needs a gradient. */
    private static long gradients(Tensor... inputs) {
        return Arrays.stream(inputs).limit(2).filter(Tensor::requiresGrad).count();
    }

    // --- backward ---------------------------------------------------------------------------------------------------

    private void watch(org.bytedeco.pytorch.Tensor result, Watched op) {
        try (Node node = result.grad_fn()) {
            // a tensor that is passed on as it is, such as by contiguous(), belongs to the operation that made it
            if (node != null && watched.putIfAbsent(node.sequence_nr(), op) == null) {
                result.register_hook(Hook.INSTANCE);
            }
        }
    }

    /** A backward pass: {@code body} calls libtorch, which calls the hooks. */
    <T> T backward(Supplier<T> body) {
        pending = SET_UP;
        pendingSince = System.nanoTime();
        try {
            return within(body);
        } finally {
            ended(System.nanoTime());
        }
    }

    private void reached(long sequenceNumber) {
        long now = System.nanoTime();
        ended(now);
        pending = watched.get(sequenceNumber);
        pendingSince = now;
    }

    private void ended(long now) {
        Watched op = pending;
        if (op != null) {
            pending = null;
            sink.accept(new Op(op.name(), true, pendingSince, now, op.shapes(), op.flops()));
        }
    }

    /**
     * The one hook of all operations of all threads. JavaCPP has room for ten such objects only, and libtorch may call it as
     * long as there is a tensor that it was registered with: so it is never freed.
     */
    private static final class Hook extends VoidTensorHook {
        private static final Hook INSTANCE = new Hook();

        private Hook() {
            retainReference(); // not to die with the scope in which it happens to be made
        }

        @Override
        public void call(TensorBase gradient) {
            gradient.close();
            OpProfile profile = CURRENT.get();
            if (profile != null) {
                try (Node node = torch.get_current_node()) {
                    profile.reached(node.sequence_nr());
                }
            }
        }
    }
}
