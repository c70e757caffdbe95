package dev.parlance.train.linear;

import dev.parlance.linear.Parallel;
import java.util.stream.IntStream;

/** Arithmetic on long vectors, spread over threads in pieces of a fixed size, so that sums do not depend on their number. */
final class Vectors {
    private static final int PIECE = 1 << 15;

    private final Parallel parallel;

    Vectors(Parallel parallel) {
        this.parallel = parallel;
    }

    /** Does something with the elements {@code from} to {@code to} (exclusive). */
    @FunctionalInterface
    interface Piece {
        void run(int from, int to);
    }

    void forEach(int length, Piece piece) {
        parallel.run(
                (length + PIECE - 1) / PIECE, task -> piece.run(task * PIECE, Math.min(length, (task + 1) * PIECE)));
    }

    double dot(double[] a, double[] b) {
        double[] sums = new double[(a.length + PIECE - 1) / PIECE];
        forEach(a.length, (from, to) -> {
            double sum = 0;
            for (int i = from; i < to; i++) {
                sum += a[i] * b[i];
            }
            sums[from / PIECE] = sum;
        });
        return IntStream.range(0, sums.length).mapToDouble(i -> sums[i]).reduce(0, Double::sum);
    }

    /** {@code y += factor x}. */
    void add(double[] y, double factor, double[] x) {
        forEach(y.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                y[i] += factor * x[i];
            }
        });
    }

    double maxAbs(double[] x) {
        double max = 0;
        for (double value : x) {
            max = Math.max(max, Math.abs(value));
        }
        return max;
    }
}
