package dev.parlance.train.linear;

/**
 * Minimises the smooth convex objective by truncated Newton steps: each solves for the step by conjugate gradients, only as
 * exactly as the gradient is small, and then searches along it
 * (Nocedal and Wright, Numerical Optimization, algorithm 7.1; for logistic regression Lin, Weng and Keerthi 2008, "Trust region
 * Newton method for large-scale logistic regression"). Preconditioning with the Hessian's diagonal was tried and took twice
 * the passes: on features of length 1 the penalty already evens out what it would. Holds five
 * vectors besides the weights.
 */
final class NewtonCg {
    private static final int MAX_CONJUGATE_STEPS = 100;
    private static final int MAX_HALVINGS = 30;
    private static final double SUFFICIENT_DECREASE = 1e-4;
    private static final double MAX_FORCING = 0.25;

    private final SoftmaxLoss loss;
    private final Vectors vectors;
    private final int maxSteps;
    private final double[] gradient;
    private final double[] step;
    private final double[] residual;
    private final double[] direction;
    private final double[] product;
    private int passes;

    NewtonCg(SoftmaxLoss loss, Vectors vectors, int maxSteps) {
        this.loss = loss;
        this.vectors = vectors;
        this.maxSteps = maxSteps;
        int size = loss.size();
        gradient = new double[size];
        step = new double[size];
        residual = new double[size];
        direction = new double[size];
        product = new double[size];
    }

    /** Passes over the data so far: gradients and Hessian products. */
    int passes() {
        return passes;
    }

    /**
     * Moves the weights to the minimum.
     *
     * @param tolerance ends when no element of the gradient is larger
     * @param listener hears of each pass, and may end it after the first step
     * @return whether the tolerance was reached
     */
    boolean minimize(double[] weights, double tolerance, FitListener listener) {
        return new Run(weights, tolerance, listener).minimize();
    }

    /** One minimisation. */
    private final class Run {
        private final double[] weights;
        private final double tolerance;
        private final FitListener listener;
        private double largest = Double.NaN;
        private boolean stopped;

        Run(double[] weights, double tolerance, FitListener listener) {
            this.weights = weights;
            this.tolerance = tolerance;
            this.listener = listener;
        }

        boolean minimize() {
            double value = evaluate(weights);
            double firstNorm = norm(gradient);
            for (int i = 0; i < maxSteps; i++) {
                if (largest <= tolerance || (i > 0 && stopped)) {
                    break;
                }
                solve(Math.min(MAX_FORCING, Math.sqrt(norm(gradient) / firstNorm)) * norm(gradient));
                double next = search(value);
                if (!(next < value)) {
                    return false; // as low as the arithmetic goes
                }
                value = next;
            }
            return largest <= tolerance;
        }

        private double evaluate(double[] at) {
            double value = loss.valueAndGradient(at, gradient);
            largest = vectors.maxAbs(gradient);
            passed();
            return value;
        }

        private void passed() {
            passes++;
            stopped |= !listener.onPass(passes, largest, tolerance);
        }

        /** Leaves in {@code step} about {@code -H^-1 g}: until the residual is no longer than {@code tolerated}. */
        private void solve(double tolerated) {
            vectors.forEach(step.length, (from, to) -> {
                for (int i = from; i < to; i++) {
                    step[i] = 0;
                    residual[i] = -gradient[i];
                    direction[i] = residual[i];
                }
            });
            double square = vectors.dot(residual, residual);
            for (int i = 0; i < MAX_CONJUGATE_STEPS && Math.sqrt(square) > tolerated; i++) {
                if (i > 0 && stopped) {
                    return;
                }
                loss.hessianProduct(weights, direction, product);
                passed();
                double curvature = vectors.dot(direction, product);
                if (!(curvature > 0)) {
                    return;
                }
                double next = advance(square / curvature);
                turn(next / square);
                square = next;
            }
        }

        /** Goes along the direction; returns the square of the residual's length. */
        private double advance(double alpha) {
            return vectors.sum(step.length, (from, to) -> {
                for (int i = from; i < to; i++) {
                    step[i] += alpha * direction[i];
                }
                for (int i = from; i < to; i++) {
                    residual[i] -= alpha * product[i];
                }
                return Vectors.dot(residual, residual, from, to);
            });
        }

        private void turn(double beta) {
            vectors.forEach(direction.length, (from, to) -> {
                for (int i = from; i < to; i++) {
                    direction[i] = residual[i] + beta * direction[i];
                }
            });
        }

        /** Goes along {@code step} as far as the value falls enough; returns the new value and leaves its gradient. */
        private double search(double value) {
            double[] trial = residual; // of no more use
            double slope = vectors.dot(gradient, step);
            double length = 1;
            for (int i = 0; i < MAX_HALVINGS; i++, length /= 2) {
                double by = length;
                vectors.forEach(trial.length, (from, to) -> {
                    for (int j = from; j < to; j++) {
                        trial[j] = weights[j] + by * step[j];
                    }
                });
                double next = evaluate(trial);
                if (next <= value + SUFFICIENT_DECREASE * length * slope) {
                    vectors.forEach(
                            trial.length, (from, to) -> System.arraycopy(trial, from, weights, from, to - from));
                    return next;
                }
            }
            return value;
        }
    }

    private double norm(double[] vector) {
        return Math.sqrt(vectors.dot(vector, vector));
    }
}
