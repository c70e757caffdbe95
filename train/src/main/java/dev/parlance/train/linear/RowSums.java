package dev.parlance.train.linear;

/**
 * Sums of some rows of a matrix, each times a number: what both products with sparse texts come down to. Four rows at a time,
 * so that a sum is loaded and stored once for four products. The order of additions depends on the numbers of rows alone.
 */
final class RowSums {
    private RowSums() {}

    /**
     * {@code sum[at + k] += values[i] x matrix[rows[i], k]} for {@code i} from {@code from} to {@code to} (exclusive).
     *
     * @param matrix row-major, with {@code columns} to a row
     */
    static void add(double[] sum, int at, double[] matrix, int columns, int[] rows, float[] values, int from, int to) {
        if (columns == 1) {
            sum[at] += dot(matrix, rows, values, from, to);
            return;
        }
        int i = from;
        for (; i + 4 <= to; i += 4) {
            add(
                    sum,
                    at,
                    columns,
                    matrix,
                    rows[i] * columns,
                    values[i],
                    rows[i + 1] * columns,
                    values[i + 1],
                    rows[i + 2] * columns,
                    values[i + 2],
                    rows[i + 3] * columns,
                    values[i + 3]);
        }
        for (; i < to; i++) {
            add(sum, at, columns, matrix, rows[i] * columns, values[i]);
        }
    }

    private static void add(
            double[] sum,
            int at,
            int columns,
            double[] m,
            int a,
            double byA,
            int b,
            double byB,
            int c,
            double byC,
            int d,
            double byD) {
        for (int k = 0; k < columns; k++) {
            sum[at + k] += byA * m[a + k] + byB * m[b + k] + byC * m[c + k] + byD * m[d + k];
        }
    }

    private static void add(double[] sum, int at, int columns, double[] m, int a, double byA) {
        for (int k = 0; k < columns; k++) {
            sum[at + k] += byA * m[a + k];
        }
    }

    private static double dot(double[] vector, int[] rows, float[] values, int from, int to) {
        double even = 0;
        double odd = 0;
        int i = from;
        for (; i + 2 <= to; i += 2) {
            even += values[i] * vector[rows[i]];
            odd += values[i + 1] * vector[rows[i + 1]];
        }
        if (i < to) {
            even += values[i] * vector[rows[i]];
        }
        return even + odd;
    }

    // --- the same in 32 bits ----------------------------------------------------------------------------------------

    /** {@code sum[k] += values[i] x matrix[rows[i], k]}. */
    static void add(float[] sum, float[] matrix, int columns, int[] rows, float[] values, int from, int to) {
        if (columns == 1) {
            sum[0] += dot(matrix, rows, values, from, to);
            return;
        }
        int i = from;
        for (; i + 4 <= to; i += 4) {
            add(
                    sum,
                    columns,
                    matrix,
                    rows[i] * columns,
                    values[i],
                    rows[i + 1] * columns,
                    values[i + 1],
                    rows[i + 2] * columns,
                    values[i + 2],
                    rows[i + 3] * columns,
                    values[i + 3]);
        }
        for (; i < to; i++) {
            add(sum, columns, matrix, rows[i] * columns, values[i]);
        }
    }

    private static void add(
            float[] sum,
            int columns,
            float[] m,
            int a,
            float byA,
            int b,
            float byB,
            int c,
            float byC,
            int d,
            float byD) {
        for (int k = 0; k < columns; k++) {
            sum[k] += byA * m[a + k] + byB * m[b + k] + byC * m[c + k] + byD * m[d + k];
        }
    }

    private static void add(float[] sum, int columns, float[] m, int a, float byA) {
        for (int k = 0; k < columns; k++) {
            sum[k] += byA * m[a + k];
        }
    }

    private static float dot(float[] vector, int[] rows, float[] values, int from, int to) {
        double even = 0;
        double odd = 0;
        int i = from;
        for (; i + 2 <= to; i += 2) {
            even += values[i] * vector[rows[i]];
            odd += values[i + 1] * vector[rows[i + 1]];
        }
        if (i < to) {
            even += values[i] * vector[rows[i]];
        }
        return (float) (even + odd);
    }
}
