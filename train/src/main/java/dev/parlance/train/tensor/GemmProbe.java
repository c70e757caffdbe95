package dev.parlance.train.tensor;

/**
 * Measures how fast this process multiplies matrices: the bound of training speed on this machine, to compare training
 * steps with. Other work on the machine lowers it, so measure close to what it is compared with.
 */
public final class GemmProbe {
    /** Of the order of a batch of 2,000 tokens times a layer of a small encoder; large enough to fill all threads. */
    private static final int SIZE = 1536;

    private static final int MIN_ROUNDS = 3;

    private GemmProbe() {}

    /**
     * The best of several products of two square matrices, in GFLOP/s (10⁹ additions and multiplications a second).
     *
     * @param bf16 true multiplies in bfloat16
     * @param millis how long to try; at least three products are made
     */
    public static double gflops(boolean bf16, long millis) {
        try (TensorScope scope = TensorScope.open();
                Torch.Guard guard = Torch.noGrad()) {
            Dtype dtype = bf16 ? Dtype.BFLOAT16 : Dtype.FLOAT32;
            Tensor a = Tensor.full(0.5, SIZE, SIZE).to(dtype);
            Tensor b = Tensor.full(0.25, SIZE, SIZE).to(dtype);
            product(a, b);
            long best = Long.MAX_VALUE;
            long end = System.nanoTime() + millis * 1_000_000;
            for (int round = 0; round < MIN_ROUNDS || System.nanoTime() < end; round++) {
                best = Math.min(best, product(a, b));
            }
            return 2.0 * SIZE * SIZE * SIZE / best;
        }
    }

    private static long product(Tensor a, Tensor b) {
        long start = System.nanoTime();
        try (TensorScope scope = TensorScope.open()) {
            a.matmul(b);
        }
        return System.nanoTime() - start;
    }
}
