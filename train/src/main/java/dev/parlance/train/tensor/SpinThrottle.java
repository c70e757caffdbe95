package dev.parlance.train.tensor;

import java.util.concurrent.CountDownLatch;
import org.bytedeco.pytorch.global.torch;

/**
 * Keeps libtorch's idle OpenMP threads from starving OpenBLAS. After each parallel operation libgomp's threads spin for
 * milliseconds; where matrix products run in OpenBLAS (processors without AVX-512, or strict precision), which brings
 * threads of its own, both then fight for the same processors and everything is two to fifty times slower.
 *
 * <p>libgomp spins a few microseconds only, instead, once it manages more threads than there are processors
 * ({@code gomp_managed_threads > gomp_available_cpus} in its team.c and wait.h). One parked thread that has an OpenMP
 * team of its own makes it so. The environment variable OMP_WAIT_POLICY=PASSIVE would also do, but can't be set from
 * inside the process.
 */
final class SpinThrottle {
    /** Enough elements for libtorch to share the work among its threads. */
    private static final long PARALLEL_ELEMENTS = 1 << 20;

    private SpinThrottle() {}

    /** Starts the parked thread when first asked for, if there are threads to throttle; says whether it runs. */
    static boolean start() {
        return torch.get_num_threads() > 1 && Parked.isAlive();
    }

    /** The one thread of this process, alive until exit. Its code lies outside: here it would wait for this class. */
    private static final class Parked {
        private static final Thread THREAD = startThread();

        private static boolean isAlive() {
            return THREAD.isAlive();
        }
    }

    private static Thread startThread() {
        CountDownLatch ready = new CountDownLatch(1);
        Thread thread = new Thread(() -> park(ready), "parlance-openmp-throttle");
        thread.setDaemon(true);
        thread.start();
        try {
            ready.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return thread;
    }

    private static void park(CountDownLatch ready) {
        try (org.bytedeco.pytorch.Tensor ones = torch.ones(PARALLEL_ELEMENTS)) {
            ones.neg().close(); // makes this thread's OpenMP team
        } finally {
            ready.countDown();
        }
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // ends this thread, and the throttling with it
        }
    }
}
