package dev.parlance.train.linear;

import dev.parlance.config.LinearConfig;
import dev.parlance.config.UserError;
import dev.parlance.linear.FeatureVector;
import dev.parlance.linear.Parallel;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Fits logistic regressions to one set of texts, for one or more strengths of the penalty. To compare strengths, each fit
 * starts from the last, so that a row of growing ones costs little more than the last alone. The same data gives the same
 * bits, whatever the number of threads. A fit that its listener ends gives what it has found.
 */
public final class LinearFit {
    /** The grid that {@code linear.c: auto} stands for. */
    public static final List<Double> GRID = List.of(1.0, 3.0, 10.0, 30.0, 100.0);

    /** Vectors of the size of the weights that a fit holds, and bytes of a feature of a text, by rows and by columns. */
    private static final int VECTORS = 8;

    private static final int BYTES_PER_NONZERO = 24;
    private static final double USABLE_HEAP = 0.85;
    private static final double ROUGHLY = 3;

    private final int features;
    private final int labels;
    private final SoftmaxLoss loss;
    private final NewtonCg optimizer;
    private final double[] weights;
    private final double tolerance;

    private LinearFit(int features, int labels, SoftmaxLoss loss, NewtonCg optimizer, double tolerance) {
        this.features = features;
        this.labels = labels;
        this.loss = loss;
        this.optimizer = optimizer;
        this.weights = new double[loss.size()];
        this.tolerance = tolerance;
    }

    /**
     * Prepares the data.
     *
     * @param texts their features
     * @param targets label of each text
     * @param sampleWeights how much each text counts
     * @param features how many features there are
     * @param labels how many labels there are, at least 2
     * @throws UserError if it does not fit into the memory that Java may use
     */
    public static LinearFit over(
            List<FeatureVector> texts,
            int[] targets,
            double[] sampleWeights,
            int features,
            int labels,
            LinearConfig config,
            Parallel parallel) {
        checkMemory(texts, features, labels);
        List<SparseBlock> blocks = SparseBlock.of(texts, features, SoftmaxLoss.blockRows(labels));
        SoftmaxLoss loss = new SoftmaxLoss(blocks, targets, sampleWeights, features, labels, parallel);
        NewtonCg optimizer = new NewtonCg(loss, new Vectors(parallel), config.maxIter());
        return new LinearFit(features, labels, loss, optimizer, config.tol());
    }

    private static void checkMemory(List<FeatureVector> texts, long features, int labels) {
        long nonzeros = texts.stream().mapToLong(FeatureVector::size).sum();
        double bytes = (double) VECTORS * Double.BYTES * (features + 1) * SoftmaxLoss.columns(labels)
                + (double) BYTES_PER_NONZERO * nonzeros;
        double usable = USABLE_HEAP * Runtime.getRuntime().maxMemory();
        if (bytes > usable) {
            throw new UserError(String.format(
                    Locale.ROOT,
                    "the linear model needs about %.1f GB for %,d features of %d labels and %,d texts, but Java may use %.1f GB;"
                            + " lower linear.max_features or linear.max_weights, or give Java more memory with -Xmx"
                            + " (PARLANCE_JAVA_OPTS)",
                    bytes / 1e9,
                    features,
                    labels,
                    texts.size(),
                    usable / 1e9));
        }
    }

    /**
     * The regression for one strength. To get there it takes the path that a comparison of strengths takes: roughly through
     * those of the {@link #GRID} that are stronger, and then to the tolerance. So it depends on the data, the settings and
     * the strength alone, and is what {@link #refined} makes of a path through the grid, bit by bit.
     *
     * @param c inverse strength of the penalty
     */
    public LinearModel with(double c, FitListener listener) {
        Arrays.fill(weights, 0);
        for (double stronger : GRID) {
            if (stronger < c) {
                roughly(stronger, listener);
            }
        }
        return refined(roughly(c, listener), c, listener);
    }

    /**
     * About the regression for one strength, from where the last one ended, or from nothing: good enough to compare
     * strengths by.
     *
     * @param c inverse strength of the penalty
     */
    public LinearModel roughly(double c, FitListener listener) {
        return fit(c, ROUGHLY * tolerance, listener);
    }

    /**
     * The regression for one strength, from a rough one.
     *
     * @param rough what {@link #roughly} gave for the same strength
     * @param c inverse strength of the penalty
     */
    public LinearModel refined(LinearModel rough, double c, FitListener listener) {
        rough.copyInto(weights);
        return fit(c, tolerance, listener);
    }

    private LinearModel fit(double c, double stopAt, FitListener listener) {
        loss.setC(c);
        optimizer.minimize(weights, stopAt, listener);
        return LinearModel.of(weights, features, labels);
    }

    /** Passes over the data so far. */
    public int passes() {
        return optimizer.passes();
    }
}
