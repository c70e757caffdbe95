package dev.parlance.train.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TensorTest {
    /** Tensors this small gain nothing from threads, and threads wait for each other on a busy machine. */
    @BeforeAll
    static void one_thread() {
        Torch.initialize(1, false);
    }

    private static final float[] VALUES = {-1.5f, -0.3f, 0.2f, 0.9f, 2.1f, -0.7f};

    @SuppressWarnings("NullAway.Init")
    private TensorScope scope;

    @BeforeEach
    void open() {
        scope = TensorScope.open();
    }

    @AfterEach
    void close() {
        scope.close();
    }

    @Test
    void gradients_of_every_elementwise_operation_match_finite_differences() {
        checkGradient(x -> x.mul(x).add(0.5));
        checkGradient(x -> x.add(3).mul(2).sub(x));
        checkGradient(x -> x.div(x.mul(x).add(1)));
        checkGradient(Tensor::tanh);
        checkGradient(Tensor::relu);
        checkGradient(Tensor::sigmoid);
        checkGradient(Tensor::silu);
        checkGradient(Tensor::gelu);
        checkGradient(Tensor::geluTanh);
        checkGradient(x -> x.mul(x).add(1).sqrt());
    }

    @Test
    void gradients_of_row_operations_match_finite_differences() {
        Tensor weight = Tensor.fromFloats(new float[] {1.1f, 0.7f, -0.4f}, 3);
        Tensor bias = Tensor.fromFloats(new float[] {0.1f, -0.2f, 0.3f}, 3);
        Tensor matrix = Tensor.fromFloats(new float[] {0.3f, -0.2f, 0.5f, 0.9f, 0.1f, -0.6f}, 2, 3);
        checkGradient(x -> x.softmax(-1).mul(weight));
        checkGradient(x -> x.logSoftmax(-1).mul(weight));
        checkGradient(x -> x.layerNorm(weight, bias, 1e-5).mul(weight));
        checkGradient(x -> x.linear(matrix, null).tanh());
        checkGradient(x -> x.matmul(x.transpose(0, 1)).tanh());
        checkGradient(x -> x.sum(1, true).mul(x));
        checkGradient(x -> x.crossEntropy(Tensor.fromLongs(new long[] {2, 0}, 2), weight.mul(weight), 0.1));
    }

    @Test
    void gradients_of_shape_operations_match_finite_differences() {
        checkGradient(x -> x.reshape(3, -1).tanh());
        checkGradient(x -> x.select(1, 2).tanh());
        checkGradient(x -> x.slice(1, 0, 2).tanh());
        checkGradient(x -> x.unsqueeze(1).permute(1, 2, 0).tanh());
        checkGradient(x -> Tensor.cat(0, List.of(x, x.mul(2))).tanh());
        checkGradient(
                x -> x.embedding(Tensor.fromLongs(new long[] {1, 0, 1}, 3), -1).tanh());
    }

    @Test
    void reads_rows_of_a_transposed_tensor_in_row_major_order() {
        Tensor x = Tensor.fromFloats(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
        assertThat(x.transpose(0, 1).toFloats()).containsExactly(1, 4, 2, 5, 3, 6);
        assertThatThrownBy(() -> x.transpose(0, 1).withBuffer(b -> {}))
                .isInstanceOf(TensorException.class)
                .hasMessageContaining("contiguous");
    }

    @Test
    void refuses_data_that_does_not_fill_the_shape() {
        assertThatThrownBy(() -> Tensor.fromFloats(new float[] {1, 2, 3}, 2, 2))
                .hasMessage("shape [2, 2] has 4 elements but the data 3");
    }

    @Test
    void keep_copies_the_size_at_the_same_index() {
        assertThat(Tensor.zeros(2, 6).reshape(Tensor.KEEP, 3, -1).shape()).containsExactly(2, 3, 2);
    }

    @Test
    void names_the_operation_and_the_shapes_when_libtorch_refuses() {
        assertThatThrownBy(() -> Tensor.zeros(2, 3).matmul(Tensor.zeros(4, 5)))
                .isInstanceOf(TensorException.class)
                .hasMessageStartingWith("matmul([2, 3] FLOAT32, [4, 5] FLOAT32): ")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }

    @Test
    void padding_row_of_an_embedding_gets_no_gradient() {
        Tensor table = Tensor.full(1, 3, 2).requiresGrad(true);
        table.embedding(Tensor.fromLongs(new long[] {0, 1, 1}, 3), 1).sum().backward();
        assertThat(grad(table)).containsExactly(1, 1, 0, 0, 0, 0);
    }

    @Test
    void clear_grad_starts_the_next_backward_from_none() {
        Tensor x = Tensor.full(2, 1).requiresGrad(true);
        x.sum().backward();
        x.sum().backward();
        assertThat(grad(x)).containsExactly(2);
        x.clearGrad();
        assertThat(x.grad()).isNull();
    }

    @Test
    void no_grad_ends_when_its_guard_closes() {
        Tensor x = Tensor.full(2, 1).requiresGrad(true);
        try (Torch.Guard guard = Torch.noGrad()) {
            assertThat(x.mul(2).requiresGrad()).isFalse();
        }
        assertThat(x.mul(2).requiresGrad()).isTrue();
    }

    @Test
    void autocast_multiplies_in_bfloat16_and_ends_when_its_guard_closes() {
        Tensor x = Tensor.full(2, 4, 4);
        try (Torch.Guard guard = Torch.autocastBf16()) {
            assertThat(x.matmul(x).dtype()).isEqualTo(Dtype.BFLOAT16);
        }
        assertThat(x.matmul(x).dtype()).isEqualTo(Dtype.FLOAT32);
    }

    @Test
    void fused_adamw_matches_the_formula() {
        Tensor parameter = Tensor.fromFloats(new float[] {0.5f, -1f}, 2);
        Tensor gradient = Tensor.fromFloats(new float[] {0.1f, -0.2f}, 2);
        Tensor m = Tensor.zeros(2);
        Tensor v = Tensor.zeros(2);
        double[] expected = {0.5, -1};
        double[] g = {0.1, -0.2};
        double[] m1 = new double[2];
        double[] v1 = new double[2];
        for (int step = 1; step <= 3; step++) {
            FusedOptimizers.adamW(
                    List.of(parameter),
                    List.of(gradient),
                    new FusedOptimizers.Moments(List.of(m), List.of(v)),
                    new FusedOptimizers.Rate(0.01, 0.1, 1),
                    new FusedOptimizers.Betas(0.9, 0.999, 1e-8),
                    step);
            for (int i = 0; i < 2; i++) {
                m1[i] = 0.9 * m1[i] + 0.1 * g[i];
                v1[i] = 0.999 * v1[i] + 0.001 * g[i] * g[i];
                double update =
                        m1[i] / (1 - Math.pow(0.9, step)) / (Math.sqrt(v1[i] / (1 - Math.pow(0.999, step))) + 1e-8);
                expected[i] = expected[i] * (1 - 0.01 * 0.1) - 0.01 * update;
            }
        }
        assertThat(parameter.toFloats()[0]).isEqualTo((float) expected[0], offset(1e-6f));
        assertThat(parameter.toFloats()[1]).isEqualTo((float) expected[1], offset(1e-6f));
    }

    @Test
    void in_place_updates_follow_their_formulas() {
        Tensor x = Tensor.full(1, 2);
        x.addInPlace(Tensor.full(2, 2), 0.5).mulInPlace(3).addcmulInPlace(Tensor.full(2, 2), Tensor.full(3, 2), 1);
        x.addcdivInPlace(Tensor.full(6, 2), Tensor.full(3, 2), -1);
        assertThat(x.toFloats()).containsExactly(10, 10); // (1 + 1) * 3 + 6 - 2
        assertThat(x.copyFrom(Tensor.full(7, 2)).zeroInPlace().toFloats()).containsExactly(0, 0);
        assertThat(Tensor.fromFloats(new float[] {3, 4}, 2).norm().item()).isEqualTo(5, offset(1e-6));
    }

    private static float[] grad(Tensor x) {
        return Objects.requireNonNull(x.grad()).toFloats();
    }

    /** Central differences of the sum of f's output, weighted so that no symmetry hides an error. */
    private static void checkGradient(UnaryOperator<Tensor> f) {
        Tensor x = Tensor.fromFloats(VALUES, 2, 3).requiresGrad(true);
        scalar(f, x).backward();
        float[] gradient = grad(x);
        float h = 1e-2f;
        for (int i = 0; i < VALUES.length; i++) {
            double numeric = (value(f, i, h) - value(f, i, -h)) / (2 * h);
            assertThat((double) gradient[i]).isEqualTo(numeric, offset(2e-3 + 2e-3 * Math.abs(numeric)));
        }
    }

    private static double value(UnaryOperator<Tensor> f, int index, float delta) {
        float[] moved = VALUES.clone();
        moved[index] += delta;
        return scalar(f, Tensor.fromFloats(moved, 2, 3)).item();
    }

    private static Tensor scalar(UnaryOperator<Tensor> f, Tensor x) {
        Tensor y = f.apply(x);
        int n = (int) y.numel();
        float[] weights = new float[n];
        for (int i = 0; i < n; i++) {
            weights[i] = 0.5f + 0.3f * i;
        }
        return y.reshape(n).mul(Tensor.fromFloats(weights, n)).sum();
    }
}
