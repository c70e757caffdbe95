package dev.parlance.train.export;

import dev.parlance.train.tensor.Dtype;
import dev.parlance.train.tensor.Tensor;

/**
 * A matrix in signed bytes, symmetric around 0: an element is about its byte times the scale of its row or column.
 *
 * @param rows number of rows
 * @param columns number of columns
 * @param values row-major
 * @param scales one for each row or each column, positive
 */
record QuantizedMatrix(int rows, int columns, byte[] values, float[] scales) {
    /**
     * Each column over its own range.
     *
     * @param largest of a byte: 127 uses all bits; 63 leaves out one, so that sums of two products of an unsigned and a signed
     *     byte stay within 16 bits, in which processors without VNNI add them up
     */
    static QuantizedMatrix byColumn(float[] matrix, int rows, int columns, int largest) {
        float[] scales = new float[columns];
        for (int i = 0; i < matrix.length; i++) {
            scales[i % columns] = Math.max(scales[i % columns], Math.abs(matrix[i]));
        }
        toScales(scales, largest);
        byte[] values = new byte[matrix.length];
        for (int i = 0; i < matrix.length; i++) {
            values[i] = (byte) Math.rint(matrix[i] / scales[i % columns]);
        }
        return new QuantizedMatrix(rows, columns, values, scales);
    }

    /** Each row over its own range, in all 8 bits. */
    static QuantizedMatrix byRow(float[] matrix, int rows, int columns) {
        float[] scales = new float[rows];
        for (int i = 0; i < matrix.length; i++) {
            scales[i / columns] = Math.max(scales[i / columns], Math.abs(matrix[i]));
        }
        toScales(scales, Byte.MAX_VALUE);
        byte[] values = new byte[matrix.length];
        for (int i = 0; i < matrix.length; i++) {
            values[i] = (byte) Math.rint(matrix[i] / scales[i / columns]);
        }
        return new QuantizedMatrix(rows, columns, values, scales);
    }

    /** A range of 0 takes any scale. */
    private static void toScales(float[] ranges, int largest) {
        for (int i = 0; i < ranges.length; i++) {
            ranges[i] = ranges[i] < Float.MIN_NORMAL * largest ? 1 : ranges[i] / largest;
        }
    }

    /** The bytes, {@code [rows, columns]}. */
    Tensor tensor() {
        return Tensor.fromBytes(values, Dtype.INT8, rows, columns);
    }
}
