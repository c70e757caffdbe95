package dev.parlance.train.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DropoutMaskTest {
    @ParameterizedTest
    @EnumSource(
            value = Dtype.class,
            names = {"FLOAT32", "BFLOAT16"})
    void drops_the_asked_share_and_keeps_the_mean(Dtype dtype) {
        try (TensorScope scope = TensorScope.open()) {
            float[] mask = DropoutMask.mask(dtype, 0.1, 7, 1001, 1001).toFloats();
            int dropped = 0;
            double sum = 0;
            for (float value : mask) {
                dropped += value == 0 ? 1 : 0;
                sum += value;
            }
            // Four standard deviations of a share over a million draws are 0.0012; bfloat16 rounds 1.1111 to 1.109.
            assertThat((double) dropped / mask.length).isEqualTo(0.1, offset(0.0012));
            assertThat(sum / mask.length).isEqualTo(1, offset(0.004));
        }
    }

    @Test
    void neighbours_and_seeds_are_independent() {
        try (TensorScope scope = TensorScope.open()) {
            float[] a = DropoutMask.mask(Dtype.FLOAT32, 0.5, 1, 1_000_000).toFloats();
            float[] b = DropoutMask.mask(Dtype.FLOAT32, 0.5, 2, 1_000_000).toFloats();
            int withNext = 0;
            int withOther = 0;
            for (int i = 0; i + 1 < a.length; i++) {
                withNext += a[i] == a[i + 1] ? 1 : 0;
                withOther += a[i] == b[i] ? 1 : 0;
            }
            assertThat(withNext / 1e6).isEqualTo(0.5, offset(0.002));
            assertThat(withOther / 1e6).isEqualTo(0.5, offset(0.002));
        }
    }

    @Test
    void one_seed_gives_one_mask() {
        try (TensorScope scope = TensorScope.open()) {
            assertThat(DropoutMask.mask(Dtype.FLOAT32, 0.1, 5, 300_000).toFloats())
                    .isEqualTo(DropoutMask.mask(Dtype.FLOAT32, 0.1, 5, 300_000).toFloats())
                    .isNotEqualTo(
                            DropoutMask.mask(Dtype.FLOAT32, 0.1, 6, 300_000).toFloats());
        }
    }

    @Test
    void gradient_passes_where_the_value_passed() {
        try (TensorScope scope = TensorScope.open()) {
            Tensor x = Tensor.full(1, 1000).requiresGrad(true);
            Tensor y = x.dropout(0.3, 11);
            y.sum().backward();
            assertThat(Objects.requireNonNull(x.grad()).toFloats()).isEqualTo(y.toFloats());
        }
    }

    @Test
    void zero_probability_is_the_identity_and_one_is_refused() {
        try (TensorScope scope = TensorScope.open()) {
            Tensor x = Tensor.full(1, 3);
            assertThat(x.dropout(0, 1)).isSameAs(x);
            assertThatThrownBy(() -> x.dropout(1, 1)).hasMessageContaining("expected at least 0 and below 1");
        }
    }
}
