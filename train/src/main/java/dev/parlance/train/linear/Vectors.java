package dev.parlance.train.linear;

import dev.parlance.linear.Parallel;

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

    /** The same, and gives a number. */
    @FunctionalInterface
    interface Term {
        double of(int from, int to);
    }

    void forEach(int length, Piece piece) {
        parallel.run(
                (length + PIECE - 1) / PIECE, task -> piece.run(task * PIECE, Math.min(length, (task + 1) * PIECE)));
    }

    /** The sum of what the pieces give. */
    double sum(int length, Term term) {
        double[] sums = new double[(length + PIECE - 1) / PIECE];
        forEach(length, (from, to) -> sums[from / PIECE] = term.of(from, to));
        double sum = 0;
        for (double part : sums) {
            sum += part;
        }
        return sum;
    }

    double dot(double[] a, double[] b) {
        return sum(a.length, (from, to) -> dot(a, b, from, to));
    }

    /** Four sums side by side: an addition need not wait for the one before it. */
    static double dot(double[] a, double[] b, int from, int to) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = from;
        for (; i + 4 <= to; i += 4) {
            s0 += a[i] * b[i];
            s1 += a[i + 1] * b[i + 1];
            s2 += a[i + 2] * b[i + 2];
            s3 += a[i + 3] * b[i + 3];
        }
        for (; i < to; i++) {
            s0 += a[i] * b[i];
        }
        return (s0 + s1) + (s2 + s3);
    }

    double maxAbs(double[] x) {
        double[] largest = new double[(x.length + PIECE - 1) / PIECE];
        forEach(x.length, (from, to) -> {
            double max = 0;
            for (int i = from; i < to; i++) {
                max = Math.max(max, Math.abs(x[i]));
            }
            largest[from / PIECE] = max;
        });
        double max = 0;
        for (double part : largest) {
            max = Math.max(max, part);
        }
        return max;
    }
}
