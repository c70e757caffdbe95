package dev.parlance.train.tensor;

import org.bytedeco.javacpp.Pointer;
import org.bytedeco.openblas.global.openblas_full;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Settings of the process and of the current thread. Call {@link #initialize} once, before the first tensor; without it
 * the first tensor applies the defaults (all processors, fast float32 multiplication).
 */
public final class Torch {
    private Torch() {}

    /** Loads the native library on first use. */
    private static final class Library {
        // JavaCPP's default limit of 4 x Xmx counts native tensors and throws OutOfMemoryError for them. It is read
        // when
        // its classes load, so it must be set before any of them is touched.
        static {
            if (System.getProperty("org.bytedeco.javacpp.maxPhysicalBytes") == null) {
                System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
            }
            choosePrecision(false);
        }

        static void touch() {}
    }

    static void load() {
        Library.touch();
    }

    /**
     * Loads libtorch and sets how this process computes.
     *
     * @param threads threads of one operation, at least 1
     * @param strict true computes float32 products in full float32 always; false leaves the choice of kernels to
     *     oneDNN, which is several times faster and differs by about 1e-6, but may round products to bfloat16 on
     *     processors with AMX
     */
    public static void initialize(int threads, boolean strict) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads is " + threads + "; expected at least 1");
        }
        load();
        torch.set_num_threads(threads);
        openblas_full.openblas_set_num_threads(threads); // it has threads of its own, which libtorch does not govern
        choosePrecision(strict);
    }

    /** "medium" lets libtorch multiply in oneDNN, which it does where there is AVX-512; all else is OpenBLAS. */
    private static void choosePrecision(boolean strict) {
        torch.globalContext().setFloat32MatmulPrecision(strict ? "highest" : "medium");
        boolean oneDnn = !strict && torch.get_cpu_capability().getString().equals("AVX512");
        if (!oneDnn) {
            SpinThrottle.start();
        }
    }

    /** Threads that one operation may use. */
    public static int threads() {
        load();
        return torch.get_num_threads();
    }

    /** Computes without recording gradients on this thread until closed. */
    public static Guard noGrad() {
        load();
        boolean before = GradMode.is_enabled();
        GradMode.set_enabled(false);
        return new Guard(() -> GradMode.set_enabled(before));
    }

    /**
     * Runs matrix products of this thread in bfloat16 until closed; weights stay float32. Close it before
     * {@code backward} and in every step: a cast weight that outlives its step would be stale.
     */
    public static Guard autocastBf16() {
        load();
        boolean before = torch.is_autocast_enabled(DeviceType.CPU);
        torch.set_autocast_dtype(DeviceType.CPU, ScalarType.BFloat16);
        torch.set_autocast_enabled(DeviceType.CPU, true);
        return new Guard(() -> {
            torch.set_autocast_enabled(DeviceType.CPU, before);
            torch.clear_cache();
        });
    }

    /** {@link #autocastBf16} if {@code bf16}, else a guard that changes nothing. */
    public static Guard autocast(boolean bf16) {
        return bf16 ? autocastBf16() : new Guard(() -> {});
    }

    /** Live native objects held by Java handles: flat over steps unless something leaks. */
    public static long nativeObjects() {
        load();
        return Pointer.totalCount();
    }

    /** Resident memory of this process in bytes. */
    public static long residentBytes() {
        load();
        return Pointer.physicalBytes();
    }

    /** Undoes a setting of the current thread. Close it on the thread that opened it; closing twice is safe. */
    public static final class Guard implements AutoCloseable {
        private final Runnable undo;
        private boolean closed;

        private Guard(Runnable undo) {
            this.undo = undo;
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                undo.run();
            }
        }
    }
}
