package dev.parlance.train.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlance.train.tensor.Tensor;
import dev.parlance.train.tensor.TensorScope;
import dev.parlance.train.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LayerTest {
    @BeforeAll
    static void one_thread() {
        Torch.initialize(1, false);
    }

    private static final class Pair extends Layer {
        private final Linear first = child("block.0.dense", new Linear(2, 3));
        private final Dropout dropout = child("dropout", new Dropout(0.5, new SeedStream(1)));
    }

    @Test
    void names_parameters_by_their_paths_in_order() {
        try (Pair pair = new Pair()) {
            assertThat(pair.namedParameters().keySet()).containsExactly("block.0.dense.weight", "block.0.dense.bias");
            List<String> paths = new ArrayList<>();
            pair.forEachLayer((path, layer) -> paths.add(path));
            assertThat(paths).containsExactly("", "block.0.dense", "dropout");
        }
    }

    @Test
    void parameters_made_inside_a_scope_outlive_it() {
        Pair pair;
        try (TensorScope scope = TensorScope.open()) {
            pair = new Pair();
        }
        assertThat(pair.first.weight().shape()).containsExactly(3, 2);
        pair.close();
    }

    @Test
    void closing_twice_frees_the_parameters_once() {
        long before = Torch.nativeObjects();
        Pair pair = new Pair();
        pair.close();
        pair.close();
        assertThat(Torch.nativeObjects()).isLessThanOrEqualTo(before); // the collector may free older ones
    }

    @Test
    void an_adapter_sees_input_and_output_until_it_is_removed() {
        try (Linear linear = new Linear(2, 2);
                TensorScope scope = TensorScope.open()) {
            Tensor x = Tensor.full(3, 1, 2);
            linear.adapt((in, out) -> out.add(in.mul(2)));
            assertThat(linear.forward(x).toFloats()).containsExactly(6, 6);
            linear.adapt(null);
            assertThat(linear.forward(x).toFloats()).containsExactly(0, 0);
        }
    }

    @Test
    void dropout_acts_in_training_alone() {
        try (Pair pair = new Pair();
                TensorScope scope = TensorScope.open()) {
            Tensor x = Tensor.full(1, 100);
            assertThat(pair.dropout.forward(x)).isSameAs(x);
            pair.train(true);
            assertThat(pair.dropout.forward(x).toFloats()).containsOnly(0f, 2f);
        }
        assertThatThrownBy(() -> new Dropout(1, new SeedStream(1))).hasMessageContaining("below 1");
    }

    @Test
    void activations_are_known_by_their_hugging_face_names() {
        assertThat(Activation.ofName("gelu_pytorch_tanh")).contains(Activation.GELU_NEW);
        assertThat(Activation.ofName("swish")).contains(Activation.SILU);
        assertThat(Activation.ofName("mish")).isEmpty();
    }
}
