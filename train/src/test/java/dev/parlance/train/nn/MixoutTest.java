package dev.parlance.train.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parlance.train.tensor.Tensor;
import dev.parlance.train.tensor.TensorScope;
import dev.parlance.train.tensor.Torch;
import java.io.IOException;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Numbers are from runs/reference/losses.py, which mixes as the authors of mixout do. */
class MixoutTest {
    @BeforeAll
    static void one_thread() {
        Torch.initialize(1, false);
    }

    @Test
    void mixes_weights_as_the_authors_do_given_the_same_mask() throws IOException {
        JsonNode expected = new ObjectMapper()
                .readTree(MixoutTest.class.getResourceAsStream("/losses/expected.json"))
                .get("mixout");
        double p = expected.get("p").asDouble();
        float[] mask = floats(expected, "mask");
        float[] weight = floats(expected, "weight");
        float[] pretrained = floats(expected, "pretrained");
        float[] mixed = floats(expected, "mixed");
        for (int i = 0; i < mask.length; i++) { // u + dropout(w - u), where dropout keeps what the mask leaves
            double kept = mask[i] == 1 ? 0 : (weight[i] - pretrained[i]) / (1 - p);
            assertThat(pretrained[i] + kept).isCloseTo(mixed[i], within(1e-6));
        }
    }

    @Test
    void each_weight_is_the_pretrained_one_or_pushed_away_from_it_and_only_those_learn() {
        double p = 0.4;
        int size = 64;
        try (Linear linear = new Linear(size, size);
                TensorScope scope = TensorScope.open()) {
            fill(linear, 1);
            try (Mixout mixout = new Mixout(linear)) {
                fill(linear, 3); // it has moved by 2
                mixout.attach(linear, p, new SeedStream(5));
                linear.train(true);
                Tensor identity = identity(size);
                Tensor used = linear.forward(identity); // [in, out]: the mixed weight, transposed
                int kept = 0;
                for (float value : used.toFloats()) {
                    assertThat(value == 1 || Math.abs(value - (1 + 2 / (1 - p))) < 1e-5)
                            .isTrue();
                    kept += value == 1 ? 1 : 0;
                }
                assertThat(kept / (double) (size * size)).isCloseTo(p, within(0.03));
                used.sum().backward();
                float[] gradient =
                        Objects.requireNonNull(linear.weight().grad()).toFloats();
                float[] transposed = used.transpose(0, 1).contiguous().toFloats();
                for (int i = 0; i < gradient.length; i++) {
                    assertThat(gradient[i]).isEqualTo(transposed[i] == 1 ? 0f : (float) (1 / (1 - p)));
                }
                Mixout.detach(linear);
                assertThat(linear.forward(identity).toFloats()).containsOnly(3);
            }
        }
    }

    @Test
    void nothing_is_mixed_outside_of_training_and_the_seed_repeats_the_mask() {
        try (Linear linear = new Linear(8, 8);
                TensorScope scope = TensorScope.open()) {
            fill(linear, 1);
            try (Mixout mixout = new Mixout(linear)) {
                fill(linear, 3);
                SeedStream seeds = new SeedStream(5);
                mixout.attach(linear, 0.5, seeds);
                assertThat(linear.forward(identity(8)).toFloats()).containsOnly(3);
                linear.train(true);
                long state = seeds.state();
                float[] first = linear.forward(identity(8)).toFloats();
                assertThat(linear.forward(identity(8)).toFloats()).isNotEqualTo(first);
                seeds.reset(state);
                assertThat(linear.forward(identity(8)).toFloats()).isEqualTo(first);
                Mixout.detach(linear);
            }
        }
    }

    private static void fill(Linear linear, double value) {
        try (Torch.Guard guard = Torch.noGrad()) {
            linear.weight().fillInPlace(value);
        }
    }

    private static Tensor identity(int size) {
        float[] values = new float[size * size];
        for (int i = 0; i < size; i++) {
            values[i * size + i] = 1;
        }
        return Tensor.fromFloats(values, size, size);
    }

    private static float[] floats(JsonNode json, String key) {
        float[] values = new float[json.get(key).size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = json.get(key).get(i).floatValue();
        }
        return values;
    }
}
