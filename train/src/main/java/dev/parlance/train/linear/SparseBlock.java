package dev.parlance.train.linear;

import dev.parlance.linear.FeatureVector;
import java.util.ArrayList;
import java.util.List;

/**
 * Some texts as a sparse matrix, by rows (texts) and again by columns (features). The second form lets every thread sum into
 * elements of its own, so that sums come in one order whatever the number of threads.
 *
 * @param firstRow number of the first text among all
 * @param rows texts
 * @param rowStarts {@code [rows + 1]}: where each text's features begin in {@code columns} and {@code values}
 * @param columns feature ids
 * @param values their values
 * @param present ids of the features that occur, ascending
 * @param columnStarts {@code [present + 1]}: where each one's texts begin in {@code rowsOfColumn} and {@code valuesOfColumn}
 * @param rowsOfColumn texts, counted from 0 within the block
 * @param valuesOfColumn their values
 */
record SparseBlock(
        int firstRow,
        int rows,
        int[] rowStarts,
        int[] columns,
        float[] values,
        int[] present,
        int[] columnStarts,
        int[] rowsOfColumn,
        float[] valuesOfColumn) {
    private static final int MAX_NONZEROS = 1 << 27;

    /**
     * All texts in blocks.
     *
     * @param features how many features there are
     * @param maxRows most texts of a block
     */
    static List<SparseBlock> of(List<FeatureVector> texts, int features, int maxRows) {
        List<SparseBlock> blocks = new ArrayList<>();
        int start = 0;
        while (start < texts.size()) {
            int end = start;
            long nonzeros = 0;
            while (end < texts.size()
                    && (end == start
                            || (end - start < maxRows
                                    && nonzeros + texts.get(end).size() <= MAX_NONZEROS))) {
                nonzeros += texts.get(end++).size();
            }
            blocks.add(block(texts.subList(start, end), start, features, Math.toIntExact(nonzeros)));
            start = end;
        }
        return blocks;
    }

    private static SparseBlock block(List<FeatureVector> texts, int firstRow, int features, int nonzeros) {
        int[] rowStarts = new int[texts.size() + 1];
        int[] columns = new int[nonzeros];
        float[] values = new float[nonzeros];
        int[] counts = new int[features];
        for (int row = 0; row < texts.size(); row++) {
            FeatureVector text = texts.get(row);
            System.arraycopy(text.ids(), 0, columns, rowStarts[row], text.size());
            System.arraycopy(text.values(), 0, values, rowStarts[row], text.size());
            rowStarts[row + 1] = rowStarts[row] + text.size();
            for (int id : text.ids()) {
                counts[id]++;
            }
        }
        return byColumns(firstRow, rowStarts, columns, values, counts);
    }

    private static SparseBlock byColumns(int firstRow, int[] rowStarts, int[] columns, float[] values, int[] counts) {
        int occurring = 0;
        for (int count : counts) {
            occurring += count > 0 ? 1 : 0;
        }
        int[] present = new int[occurring];
        int[] columnStarts = new int[occurring + 1];
        int[] next = counts; // becomes the place of each feature's next entry
        int at = 0;
        int sum = 0;
        for (int id = 0; id < counts.length; id++) {
            int count = counts[id];
            if (count > 0) {
                present[at++] = id;
                next[id] = sum;
                sum += count;
                columnStarts[at] = sum;
            }
        }
        int[] rowsOfColumn = new int[columns.length];
        float[] valuesOfColumn = new float[columns.length];
        for (int row = 0; row + 1 < rowStarts.length; row++) {
            for (int i = rowStarts[row]; i < rowStarts[row + 1]; i++) {
                int to = next[columns[i]]++;
                rowsOfColumn[to] = row;
                valuesOfColumn[to] = values[i];
            }
        }
        return new SparseBlock(
                firstRow,
                rowStarts.length - 1,
                rowStarts,
                columns,
                values,
                present,
                columnStarts,
                rowsOfColumn,
                valuesOfColumn);
    }
}
