package dev.parlance.train.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class OpProfileTest {
    private final List<OpProfile.Op> ops = new ArrayList<>();

    @BeforeAll
    static void one_thread() {
        Torch.initialize(1, false);
    }

    private List<String> names(boolean backward) {
        return ops.stream()
                .filter(op -> op.backward() == backward)
                .map(OpProfile.Op::name)
                .toList();
    }

    private OpProfile.Op op(String name, boolean backward) {
        return ops.stream()
                .filter(op -> op.name().equals(name) && op.backward() == backward)
                .findFirst()
                .orElseThrow();
    }

    private static Tensor leaf(double value, long... shape) {
        return Tensor.full(value, shape).requiresGrad(true);
    }

    @Test
    void each_operation_is_timed_forward_and_backward() {
        try (TensorScope scope = TensorScope.open()) {
            Tensor x = Tensor.full(0.5, 3, 4);
            Tensor weight = leaf(0.1, 6, 4);
            Tensor bias = leaf(0.2, 6);
            Tensor other = leaf(0.3, 6, 2);
            long start = System.nanoTime();
            try (OpProfile profile = OpProfile.start(ops::add)) {
                x.linear(weight, bias).gelu().matmul(other).sum().backward();
            }
            long end = System.nanoTime();
            assertThat(names(false)).containsExactly("linear", "gelu", "matmul", "sum");
            assertThat(names(true)).containsExactly("autograd", "sum", "matmul", "gelu", "linear");
            assertThat(op("linear", false).shapes())
                    .containsExactly(new long[] {3, 4}, new long[] {6, 4}, new long[] {6});
            long last = start;
            for (OpProfile.Op op : ops) { // each ends before the next begins
                assertThat(op.startNanos()).as(op.name()).isGreaterThanOrEqualTo(last);
                last = op.endNanos();
                assertThat(op.nanos()).isPositive();
            }
            assertThat(last).isLessThanOrEqualTo(end);
        }
    }

    /** A product that is much larger than another takes much longer; the best of several, since others use the processor. */
    @Test
    void the_time_of_the_backward_pass_goes_to_the_operation_that_it_is_of() {
        long small = Long.MAX_VALUE;
        long large = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            List<OpProfile.Op> products = twoProducts();
            assertThat(products).hasSize(2);
            assertThat(products.get(0).shapes().get(0)).containsExactly(8, 8); // the one made last goes first
            small = Math.min(small, products.get(0).nanos());
            large = Math.min(large, products.get(1).nanos());
        }
        assertThat(large).isGreaterThan(20 * small);
    }

    private static List<OpProfile.Op> twoProducts() {
        List<OpProfile.Op> heard = new ArrayList<>();
        try (TensorScope scope = TensorScope.open();
                OpProfile profile = OpProfile.start(heard::add)) {
            Tensor product = Tensor.full(0.5, 768, 768).matmul(leaf(0.1, 768, 768)); // [768, 768]
            Tensor corner = product.slice(0, 0, 8).slice(1, 0, 8); // [8, 8]
            product.mean().add(corner.matmul(leaf(0.1, 8, 8)).sum()).backward();
        }
        return heard.stream()
                .filter(op -> op.backward() && op.name().equals("matmul"))
                .toList();
    }

    @Test
    void products_know_their_flops_and_backward_only_those_that_are_computed() {
        try (TensorScope scope = TensorScope.open()) {
            Tensor x = Tensor.full(0.5, 5, 3, 4); // needs no gradient
            Tensor hidden = leaf(1, 5, 2, 3);
            try (OpProfile profile = OpProfile.start(ops::add)) {
                hidden.matmul(x.linear(leaf(0.1, 6, 4), null)).sum().backward();
            }
            double linear = 2.0 * 5 * 3 * 4 * 6;
            double matmul = 2.0 * 5 * 2 * 3 * 6;
            assertThat(op("linear", false).flops()).isEqualTo(linear);
            assertThat(op("linear", true).flops()).isEqualTo(linear);
            assertThat(op("matmul", false).flops()).isEqualTo(matmul);
            assertThat(op("matmul", true).flops()).isEqualTo(2 * matmul);
            assertThat(op("sum", true).flops()).isZero();
        }
    }

    @Test
    void views_and_tensors_that_are_passed_on_count_once() {
        try (TensorScope scope = TensorScope.open()) {
            Tensor x = leaf(0.5, 2, 3, 4);
            try (OpProfile profile = OpProfile.start(ops::add)) {
                Tensor same = x.mul(2).contiguous(); // already row-major: the very same tensor
                same.permute(2, 0, 1).reshape(4, 6).relu().sum().backward();
            }
            assertThat(names(false)).containsExactly("mul", "contiguous", "permute", "reshape", "relu", "sum");
            assertThat(names(true)).containsExactly("autograd", "sum", "relu", "reshape", "permute", "mul");
        }
    }

    @Test
    void what_needs_no_gradient_does_not_go_backward() {
        try (TensorScope scope = TensorScope.open()) {
            Tensor x = leaf(1, 4);
            try (OpProfile profile = OpProfile.start(ops::add)) {
                Tensor constant = Tensor.full(2, 4).add(1);
                x.mul(constant).sum().backward();
                try (Torch.Guard guard = Torch.noGrad()) {
                    x.mulInPlace(0.5);
                }
            }
            assertThat(names(false)).containsExactly("fillInPlace", "add", "mul", "sum", "mulInPlace");
            assertThat(names(true)).containsExactly("autograd", "sum", "mul");
        }
    }

    @Test
    void a_dropout_is_its_mask_and_its_product() {
        try (TensorScope scope = TensorScope.open()) {
            Tensor x = leaf(1, 64, 64);
            try (OpProfile profile = OpProfile.start(ops::add)) {
                x.dropout(0.1, 7).sum().backward();
            }
            assertThat(names(false)).containsExactly("dropoutMask", "dropout", "sum");
            assertThat(names(true)).containsExactly("autograd", "sum", "dropout");
        }
    }

    @Test
    void gradients_are_the_same_bits() {
        assertThat(gradient(true)).isEqualTo(gradient(false));
        assertThat(ops).isNotEmpty();
    }

    private float[] gradient(boolean profiled) {
        try (TensorScope scope = TensorScope.open()) {
            Tensor weight = leaf(0.1, 32, 32);
            Tensor x = Tensor.full(0.3, 8, 32).dropout(0.5, 3);
            if (profiled) {
                try (OpProfile profile = OpProfile.start(ops::add)) {
                    loss(x, weight).backward();
                }
            } else {
                loss(x, weight).backward();
            }
            return Objects.requireNonNull(weight.grad()).toFloats();
        }
    }

    private static Tensor loss(Tensor x, Tensor weight) {
        Tensor hidden = x.linear(weight, null).gelu();
        return hidden.add(hidden.linear(weight, null)).softmax(-1).pow(2).mean(); // weight and hidden are used twice
    }

    @Test
    void hooks_that_outlive_the_profile_do_nothing() {
        try (TensorScope scope = TensorScope.open()) {
            Tensor x = leaf(1, 4);
            Tensor loss;
            try (OpProfile profile = OpProfile.start(ops::add)) {
                loss = x.mul(3).sum();
            }
            loss.backward();
            assertThat(names(true)).isEmpty();
            assertThat(Objects.requireNonNull(x.grad()).toFloats()).containsOnly(3);
        }
    }

    @Test
    void native_objects_stay_flat() {
        gradient(true);
        long before = Torch.nativeObjects();
        for (int i = 0; i < 200; i++) {
            gradient(true);
        }
        assertThat(Torch.nativeObjects()).isLessThanOrEqualTo(before); // the collector may free older ones
    }

    @Test
    void one_at_a_time_on_a_thread() {
        try (OpProfile profile = OpProfile.start(ops::add)) {
            assertThatThrownBy(() -> OpProfile.start(ops::add)).isInstanceOf(IllegalStateException.class);
        }
        OpProfile.start(ops::add).close();
        try (Tensor x = Tensor.full(1, 2)) {
            assertThat(x.toFloats()).containsExactly(1, 1);
        }
        assertThat(ops).isEmpty();
    }
}
