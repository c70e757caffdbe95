package dev.parlance.train.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TensorScopeTest {
    /** Tensors this small gain nothing from threads, and threads wait for each other on a busy machine. */
    @BeforeAll
    static void one_thread() {
        Torch.initialize(1, false);
    }

    @Test
    void frees_what_was_made_inside_and_keeps_what_was_retained() {
        Tensor kept;
        Tensor lost;
        try (TensorScope scope = TensorScope.open()) {
            lost = Tensor.full(1, 2);
            kept = TensorScope.retain(lost.add(1));
        }
        assertThat(kept.toFloats()).containsExactly(2, 2);
        assertThatThrownBy(lost::toFloats).isInstanceOf(TensorException.class);
        kept.close();
        kept.close();
        assertThatThrownBy(kept::toFloats).isInstanceOf(TensorException.class);
    }

    @Test
    void closing_a_tensor_of_a_scope_leaves_it_to_the_scope() {
        try (TensorScope scope = TensorScope.open()) {
            Tensor x = Tensor.full(1, 2);
            x.close();
            assertThat(x.toFloats()).containsExactly(1, 1);
        }
    }

    @Test
    void native_objects_stay_flat_over_steps() {
        try (Tensor weight = Tensor.full(0.1, 8, 8).requiresGrad(true);
                Tensor m = Tensor.zeros(8, 8);
                Tensor v = Tensor.zeros(8, 8)) {
            step(weight, m, v, 1);
            long before = Torch.nativeObjects();
            for (int i = 2; i < 500; i++) {
                step(weight, m, v, i);
            }
            assertThat(Torch.nativeObjects()).isLessThanOrEqualTo(before); // the collector may free older ones
        }
    }

    @Test
    void tensors_outside_scopes_are_freed_by_close_alone() {
        Tensor.zeros(1).close();
        long before = Torch.nativeObjects();
        for (int i = 0; i < 100; i++) {
            try (Tensor x = Tensor.fromFloats(new float[] {1, 2}, 2);
                    Tensor y = x.mul(2)) {
                y.mulInPlace(0.5).addInPlace(x, 1).toFloats();
            }
        }
        assertThat(Torch.nativeObjects()).isLessThanOrEqualTo(before); // the collector may free older ones
    }

    private static void step(Tensor weight, Tensor m, Tensor v, int count) {
        try (TensorScope scope = TensorScope.open()) {
            Tensor x = Tensor.full(0.5, 4, 8);
            x.linear(weight, null).gelu().dropout(0.1, count).softmax(-1).sum().backward();
            try (Torch.Guard guard = Torch.noGrad()) {
                Tensor grad = java.util.Objects.requireNonNull(weight.grad());
                FusedOptimizers.adamW(
                        List.of(weight),
                        List.of(grad),
                        new FusedOptimizers.Moments(List.of(m), List.of(v)),
                        new FusedOptimizers.Rate(1e-3, 0.01, 1),
                        new FusedOptimizers.Betas(0.9, 0.999, 1e-8),
                        count);
            }
            weight.clearGrad();
        }
    }
}
