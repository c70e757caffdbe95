package dev.parlance.train.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.parlance.config.LinearConfig;
import dev.parlance.config.UserError;
import dev.parlance.linear.FeatureVector;
import dev.parlance.linear.Parallel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinearFitTest {
    private static final int FEATURES = 40;

    private static List<FeatureVector> texts(int count, long seed) {
        Random random = new Random(seed);
        List<FeatureVector> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int[] ids = random.ints(random.nextInt(8), 0, FEATURES)
                    .sorted()
                    .distinct()
                    .toArray();
            float[] values = new float[ids.length];
            for (int j = 0; j < values.length; j++) {
                values[j] = random.nextFloat();
            }
            texts.add(new FeatureVector(ids, values));
        }
        return texts;
    }

    private static int[] targets(int count, int labels, long seed) {
        return new Random(seed).ints(count, 0, labels).toArray();
    }

    private static double[] ones(int count) {
        double[] ones = new double[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static LinearModel fit(int labels, int threads) {
        try (Parallel parallel = new Parallel(threads)) {
            return LinearFit.over(
                            texts(500, 1),
                            targets(500, labels, 2),
                            ones(500),
                            FEATURES,
                            labels,
                            LinearConfig.defaults(),
                            parallel)
                    .with(10, FitListener.NONE);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 7})
    void the_gradient_is_that_of_the_value(int labels) {
        try (Parallel parallel = new Parallel(2)) {
            SoftmaxLoss loss = loss(labels, 60, parallel);
            double[] weights = new Random(3).doubles(loss.size(), -1, 1).toArray();
            double[] gradient = new double[loss.size()];
            loss.valueAndGradient(weights, gradient);
            for (int i = 0; i < weights.length; i += 7) {
                double step = 1e-5;
                double[] moved = weights.clone();
                moved[i] += step;
                double above = loss.valueAndGradient(moved, new double[loss.size()]);
                moved[i] -= 2 * step;
                double below = loss.valueAndGradient(moved, new double[loss.size()]);
                assertThat((above - below) / (2 * step)).isCloseTo(gradient[i], within(1e-8));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 5})
    void the_hessian_product_is_the_change_of_the_gradient(int labels) {
        try (Parallel parallel = new Parallel(2)) {
            SoftmaxLoss loss = loss(labels, 60, parallel);
            int size = loss.size();
            double[] weights = new Random(4).doubles(size, -1, 1).toArray();
            double[] direction = new Random(5).doubles(size, -1, 1).toArray();
            double[] above = new double[size];
            double[] below = new double[size];
            double[] product = new double[size];
            double step = 1e-5;
            loss.valueAndGradient(moved(weights, step, direction), above);
            loss.valueAndGradient(moved(weights, -step, direction), below);
            loss.valueAndGradient(weights, new double[size]);
            loss.hessianProduct(weights, direction, product);
            for (int i = 0; i < size; i++) {
                assertThat(product[i]).isCloseTo((above[i] - below[i]) / (2 * step), within(1e-6));
            }
        }
    }

    private static double[] moved(double[] from, double by, double[] direction) {
        return IntStream.range(0, from.length)
                .mapToDouble(i -> from[i] + by * direction[i])
                .toArray();
    }

    private static SoftmaxLoss loss(int labels, int blockRows, Parallel parallel) {
        SoftmaxLoss loss = new SoftmaxLoss(
                SparseBlock.of(texts(200, 1), FEATURES, blockRows),
                targets(200, labels, 2),
                new Random(6).doubles(200, 0.5, 2).toArray(),
                FEATURES,
                labels,
                parallel);
        loss.setC(0.5);
        return loss;
    }

    @Test
    void the_number_of_threads_does_not_change_a_bit() {
        assertThat(fit(5, 1).weights()).containsExactly(fit(5, 4).weights());
    }

    @Test
    void a_label_without_examples_gets_no_probability() {
        try (Parallel parallel = new Parallel(1)) {
            LinearModel model = LinearFit.over(
                            texts(300, 1),
                            targets(300, 3, 2),
                            ones(300),
                            FEATURES,
                            4,
                            LinearConfig.defaults(),
                            parallel)
                    .with(1, FitListener.NONE);
            float[] logits = model.logits(texts(1, 9).get(0));
            assertThat(logits[3]).isLessThan(Math.min(logits[0], Math.min(logits[1], logits[2])) - 3);
        }
    }

    private static LinearFit fit(Parallel parallel) {
        return LinearFit.over(
                texts(300, 1), targets(300, 3, 2), ones(300), FEATURES, 3, LinearConfig.defaults(), parallel);
    }

    @Test
    void a_stop_gives_what_was_found_so_far() {
        try (Parallel parallel = new Parallel(1)) {
            LinearFit fit = fit(parallel);
            LinearModel stopped = fit.roughly(100, (passes, gradient, tolerance) -> false);
            assertThat(stopped.weights()).isNotEqualTo(new float[stopped.weights().length]);
            assertThat(fit.passes()).isEqualTo(3); // the gradient, one product, the gradient after the step
        }
    }

    @Test
    void a_strength_that_is_given_ends_with_the_bits_of_one_that_was_searched_for() {
        try (Parallel parallel = new Parallel(2)) {
            LinearFit search = fit(parallel);
            search.roughly(1, FitListener.NONE);
            search.roughly(3, FitListener.NONE);
            LinearModel best = search.roughly(10, FitListener.NONE);
            search.roughly(30, FitListener.NONE);
            float[] found = search.refined(best, 10, FitListener.NONE).weights();
            assertThat(fit(parallel).with(10, FitListener.NONE).weights()).containsExactly(found);
            assertThat(search.with(10, FitListener.NONE).weights()).containsExactly(found);
        }
    }

    @Test
    void a_strength_off_the_grid_ends_at_its_own_optimum() {
        try (Parallel parallel = new Parallel(1)) {
            LinearFit fit = fit(parallel);
            List<Double> gradients = new ArrayList<>();
            fit.with(0.5, (passes, gradient, tolerance) -> gradients.add(gradient));
            double tolerance = LinearConfig.defaults().tol();
            assertThat(gradients.get(0)).isGreaterThan(tolerance);
            assertThat(gradients.get(gradients.size() - 1)).isLessThanOrEqualTo(tolerance);
            assertThat(gradients).hasSize(fit.passes());
        }
    }

    @Test
    void refuses_what_does_not_fit_into_memory() {
        try (Parallel parallel = new Parallel(1)) {
            assertThatThrownBy(() -> LinearFit.over(
                            texts(10, 1),
                            targets(10, 2, 2),
                            ones(10),
                            400_000,
                            10_000,
                            LinearConfig.defaults(),
                            parallel))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("lower linear.max_features or linear.max_weights");
        }
    }
}
