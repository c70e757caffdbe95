package dev.parlance.train.tensor;

import org.bytedeco.javacpp.PointerScope;

/**
 * A memory region of the current thread: closing it frees every tensor made on this thread since it was opened, but for
 * those handed to {@link #retain}. Scopes nest; a tensor belongs to the innermost one. Open them in few places (a
 * training step, an evaluation batch, a trace), never in a layer.
 */
public final class TensorScope implements AutoCloseable {
    private final PointerScope pointers;
    private boolean closed;

    private TensorScope(PointerScope pointers) {
        this.pointers = pointers;
    }

    /** Opens a region on the current thread. */
    public static TensorScope open() {
        Torch.load();
        return new TensorScope(new PointerScope());
    }

    /**
     * Lets a tensor outlive every open scope; it then lives until {@link Tensor#close}.
     *
     * @return the same tensor
     */
    public static Tensor retain(Tensor tensor) {
        return tensor.retained();
    }

    /** Frees the region's tensors. Closing twice is safe. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            pointers.close();
        }
    }
}
