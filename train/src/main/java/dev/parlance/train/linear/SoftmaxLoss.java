package dev.parlance.train.linear;

import dev.parlance.linear.Parallel;
import java.util.Arrays;
import java.util.List;

/**
 * The objective of logistic regression, as scikit-learn's {@code LogisticRegression} minimises it, divided by
 * {@code C x sum of sample weights}: the weighted mean of {@code -ln p(label)} and
 * {@code |W|^2 / (2 C x sum of sample weights)}, where intercepts are not penalised. With two labels there is one column of
 * weights, of the second label, and the logistic function; with more there is a column for each, and the softmax.
 *
 * <p>Weights are row-major {@code [features + 1, columns]}; the last row has the intercepts.
 */
final class SoftmaxLoss {
    /** Rows times columns of a block's buffer. */
    private static final int BUFFER = 1 << 23;
    /** Probabilities are kept between a gradient and the Hessian products there up to so many; else computed again. */
    private static final long MAX_KEPT = 100_000_000;

    private static final int ROWS = 64;
    private static final int FEATURES = 256;

    private final List<SparseBlock> blocks;
    private final int[] targets;
    private final double[] sampleWeights; // sum to 1
    private final double totalWeight;
    private final int features;
    private final int columns;
    private final Parallel parallel;
    private final Vectors vectors;
    private final double[] buffer; // [rows of a block, columns]
    private final float[] buffer32;
    private final float[] direction32;
    private final float[] probabilities; // [rows, columns], or of one block
    private final boolean kept;
    private double penalty;

    /**
     * @param data texts in blocks of at most {@link #blockRows} rows
     * @param targets label of each text
     * @param sampleWeights how much each text counts
     */
    SoftmaxLoss(
            List<SparseBlock> data,
            int[] targets,
            double[] sampleWeights,
            int features,
            int labels,
            Parallel parallel) {
        this.blocks = data;
        this.targets = targets;
        this.features = features;
        this.columns = columns(labels);
        this.parallel = parallel;
        this.vectors = new Vectors(parallel);
        double sum = 0;
        for (double weight : sampleWeights) {
            sum += weight;
        }
        this.totalWeight = sum;
        this.sampleWeights = new double[sampleWeights.length];
        for (int i = 0; i < sampleWeights.length; i++) {
            this.sampleWeights[i] = sampleWeights[i] / sum;
        }
        int largest = data.stream().mapToInt(SparseBlock::rows).max().orElseThrow();
        this.buffer = new double[largest * columns];
        this.buffer32 = new float[largest * columns];
        this.direction32 = new float[size()];
        this.kept = (long) targets.length * columns <= MAX_KEPT;
        this.probabilities = new float[kept ? targets.length * columns : largest * columns];
    }

    /** Columns of weights for some labels. */
    static int columns(int labels) {
        return labels == 2 ? 1 : labels;
    }

    /** Most texts of a block. */
    static int blockRows(int labels) {
        return Math.max(1, BUFFER / columns(labels));
    }

    /** Sets the inverse strength of the penalty. */
    void setC(double c) {
        penalty = 1 / (c * totalWeight);
    }

    int size() {
        return (features + 1) * columns;
    }

    /** The objective at the weights, and its gradient into {@code gradient}. */
    double valueAndGradient(double[] weights, double[] gradient) {
        double[] losses = new double[(targets.length + ROWS - 1) / ROWS + blocks.size()];
        int at = 0;
        startWithPenalty(weights, gradient);
        for (SparseBlock block : blocks) {
            int tasks = tasks(block.rows(), ROWS);
            int offset = at;
            parallel.run(tasks, task -> losses[offset + task] = residuals(block, task, weights));
            addProducts(block, gradient);
            at += tasks;
        }
        double loss = 0;
        for (double part : losses) {
            loss += part;
        }
        double squares = vectors.sum(features * columns, (from, to) -> Vectors.dot(weights, weights, from, to));
        return loss + penalty / 2 * squares;
    }

    /**
     * The product of the Hessian with a direction into {@code product}, at the weights of the last gradient. The products with
     * the texts are made in 32 bits, which halves what has to come from memory: directions are not solved for to more digits
     * than that, and where a step leads is measured in 64.
     */
    void hessianProduct(double[] weights, double[] direction, double[] product) {
        startWithPenalty(direction, product);
        vectors.forEach(direction.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                direction32[i] = (float) direction[i];
            }
        });
        for (SparseBlock block : blocks) {
            parallel.run(tasks(block.rows(), ROWS), task -> {
                if (!kept) {
                    residuals(block, task, weights);
                }
                curvatures(block, task);
            });
            addProducts32(block, product);
        }
    }

    private static int tasks(int items, int perTask) {
        return (items + perTask - 1) / perTask;
    }

    private void startWithPenalty(double[] vector, double[] result) {
        vectors.forEach(features * columns, (from, to) -> {
            for (int i = from; i < to; i++) {
                result[i] = penalty * vector[i];
            }
        });
        Arrays.fill(result, features * columns, result.length, 0);
    }

    /** For some texts: keeps the probabilities, leaves weight x (probability - target) in the buffer, returns the loss. */
    private double residuals(SparseBlock block, int task, double[] weights) {
        double loss = 0;
        double[] logits = new double[columns];
        for (int row = task * ROWS; row < Math.min(block.rows(), (task + 1) * ROWS); row++) {
            multiply(block, row, weights, logits);
            int text = block.firstRow() + row;
            int at = row * columns;
            int keep = kept ? text * columns : at;
            double weight = sampleWeights[text];
            loss += weight * (columns == 1 ? logistic(logits, targets[text]) : softmax(logits, targets[text]));
            for (int k = 0; k < columns; k++) {
                double target = (columns == 1 ? targets[text] == 1 : targets[text] == k) ? 1 : 0;
                buffer[at + k] = weight * (logits[k] - target);
                probabilities[keep + k] = (float) logits[k];
            }
        }
        return loss;
    }

    /** Turns logits into probabilities; returns -ln of that of the target. */
    private static double softmax(double[] logits, int target) {
        double max = Double.NEGATIVE_INFINITY;
        for (double logit : logits) {
            max = Math.max(max, logit);
        }
        double sum = 0;
        double ofTarget = logits[target] - max;
        for (int k = 0; k < logits.length; k++) {
            logits[k] = Math.exp(logits[k] - max);
            sum += logits[k];
        }
        for (int k = 0; k < logits.length; k++) {
            logits[k] /= sum;
        }
        return Math.log(sum) - ofTarget;
    }

    /** The same for the one logit of the second of two labels. */
    private static double logistic(double[] logits, int target) {
        double logit = logits[0];
        logits[0] = 1 / (1 + Math.exp(-logit));
        double signed = target == 1 ? -logit : logit;
        return signed > 0 ? signed + Math.log1p(Math.exp(-signed)) : Math.log1p(Math.exp(signed));
    }

    /** For some texts: leaves weight x (diag(p) - p p^T) x (text x direction) in the buffer. */
    private void curvatures(SparseBlock block, int task) {
        float[] product = new float[columns];
        for (int row = task * ROWS; row < Math.min(block.rows(), (task + 1) * ROWS); row++) {
            System.arraycopy(direction32, features * columns, product, 0, columns);
            int from = block.rowStarts()[row];
            int to = block.rowStarts()[row + 1];
            RowSums.add(product, direction32, columns, block.columns(), block.values(), from, to);
            int text = block.firstRow() + row;
            int at = row * columns;
            int keep = kept ? text * columns : at;
            double weight = sampleWeights[text];
            if (columns == 1) {
                double p = probabilities[keep];
                buffer32[at] = (float) (weight * p * (1 - p) * product[0]);
                continue;
            }
            double mean = 0;
            for (int k = 0; k < columns; k++) {
                mean += probabilities[keep + k] * product[k];
            }
            for (int k = 0; k < columns; k++) {
                buffer32[at + k] = (float) (weight * probabilities[keep + k] * (product[k] - mean));
            }
        }
    }

    /** {@code result = text x matrix}, the intercepts included. */
    private void multiply(SparseBlock block, int row, double[] matrix, double[] result) {
        System.arraycopy(matrix, features * columns, result, 0, columns);
        int from = block.rowStarts()[row];
        int to = block.rowStarts()[row + 1];
        RowSums.add(result, 0, matrix, columns, block.columns(), block.values(), from, to);
    }

    /** {@code sum += block^T x buffer}. Each task has features of its own. */
    private void addProducts(SparseBlock block, double[] sum) {
        int tasks = tasks(block.present().length, FEATURES);
        parallel.run(tasks + 1, task -> {
            if (task == 0) { // first, since it is the longest
                addRows(block, sum);
            } else {
                addFeatures(block, task - 1, sum);
            }
        });
    }

    private void addFeatures(SparseBlock block, int task, double[] sum) {
        for (int j = task * FEATURES; j < Math.min(block.present().length, (task + 1) * FEATURES); j++) {
            int at = block.present()[j] * columns;
            int from = block.columnStarts()[j];
            int to = block.columnStarts()[j + 1];
            RowSums.add(sum, at, buffer, columns, block.rowsOfColumn(), block.valuesOfColumn(), from, to);
        }
    }

    /** The same with the buffer of 32 bits. */
    private void addProducts32(SparseBlock block, double[] sum) {
        parallel.run(tasks(block.present().length, FEATURES) + 1, task -> {
            if (task == 0) {
                addRows32(block, sum);
            } else {
                addFeatures32(block, task - 1, sum);
            }
        });
    }

    private void addRows32(SparseBlock block, double[] sum) {
        int to = features * columns;
        for (int row = 0; row < block.rows(); row++) {
            for (int k = 0; k < columns; k++) {
                sum[to + k] += buffer32[row * columns + k];
            }
        }
    }

    private void addFeatures32(SparseBlock block, int task, double[] sum) {
        float[] products = new float[columns];
        for (int j = task * FEATURES; j < Math.min(block.present().length, (task + 1) * FEATURES); j++) {
            Arrays.fill(products, 0);
            int from = block.columnStarts()[j];
            int to = block.columnStarts()[j + 1];
            RowSums.add(products, buffer32, columns, block.rowsOfColumn(), block.valuesOfColumn(), from, to);
            int at = block.present()[j] * columns;
            for (int k = 0; k < columns; k++) {
                sum[at + k] += products[k];
            }
        }
    }

    private void addRows(SparseBlock block, double[] sum) {
        int to = features * columns;
        for (int row = 0; row < block.rows(); row++) {
            for (int k = 0; k < columns; k++) {
                sum[to + k] += buffer[row * columns + k];
            }
        }
    }
}
