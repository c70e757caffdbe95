package dev.parlance.train.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parlance.config.RunConfig;
import dev.parlance.train.tensor.Tensor;
import dev.parlance.train.tensor.TensorScope;
import dev.parlance.train.tensor.Torch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against runs/reference/losses.py, which computes in double precision with PyTorch; ours are float32. */
class ClassificationLossTest {
    private static final double TOLERANCE = 2e-6;

    @BeforeAll
    static void one_thread() {
        Torch.initialize(1, false);
    }

    /** A case of the file, named by what it is. */
    record Case(JsonNode json) {
        @Override
        public String toString() {
            return json.get("name").asText();
        }
    }

    static Stream<Case> cases() throws IOException {
        JsonNode all =
                new ObjectMapper().readTree(ClassificationLossTest.class.getResourceAsStream("/losses/expected.json"));
        return StreamSupport.stream(all.get("losses").spliterator(), false).map(Case::new);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void losses_and_gradients_are_those_of_the_papers(Case expected) {
        JsonNode json = expected.json();
        int rows = json.get("rows").asInt();
        int classes = json.get("classes").asInt();
        JsonNode gamma = json.get("gamma");
        ClassificationLoss loss = new ClassificationLoss(
                json.get("smoothing").asDouble(),
                gamma.isNull() ? null : gamma.asDouble(),
                json.get("alpha").asDouble());
        try (TensorScope scope = TensorScope.open()) {
            List<Tensor> passes = new ArrayList<>();
            json.get("passes")
                    .forEach(pass -> passes.add(
                            Tensor.fromFloats(floats(pass), rows, classes).requiresGrad(true)));
            assertThat(passes).hasSize(loss.passes());
            Tensor labels = Tensor.fromLongs(longs(json.get("labels")), rows);
            Tensor found = loss.part(passes, labels, weights(json, classes), 1, 1);
            found.backward();
            assertThat(found.item()).isCloseTo(json.get("loss").asDouble(), within(TOLERANCE * 10));
            for (int i = 0; i < passes.size(); i++) {
                float[] gradients = Objects.requireNonNull(passes.get(i).grad()).toFloats();
                float[] wanted = floats(json.get("gradients").get(i));
                for (int j = 0; j < wanted.length; j++) {
                    assertThat((double) gradients[j]).isCloseTo(wanted[j], within(TOLERANCE));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.1, 0.5, 1, 2, 5})
    void focal_loss_has_a_finite_gradient_where_the_model_is_certain(double gamma) {
        try (TensorScope scope = TensorScope.open()) {
            Tensor logits =
                    Tensor.fromFloats(new float[] {200, 0, -200, 0}, 2, 2).requiresGrad(true);
            Tensor labels = Tensor.fromLongs(new long[] {0, 0}, 2); // sure and right; sure and wrong
            Tensor loss = new ClassificationLoss(0, gamma, 0).mean(logits, labels, null);
            loss.backward();
            assertThat(loss.item()).isCloseTo(100, within(1e-3));
            float[] gradient = Objects.requireNonNull(logits.grad()).toFloats();
            assertThat(gradient[0]).isCloseTo(0, within(1e-3f));
            assertThat(gradient[2]).isCloseTo(-0.5f, within(1e-3f));
        }
    }

    @Test
    void parts_of_a_batch_add_up_to_its_mean() {
        float[] values = {1, -1, 0.5f, 2, -0.3f, 0.1f, 0, 0, 1.5f};
        float[] others = {0.9f, -1, 0.7f, 2.2f, 0.3f, 0.1f, 0.4f, 0, 1};
        float[] labelWeights = {1, 2, 0.5f};
        long[] labels = {0, 1, 2};
        ClassificationLoss loss = new ClassificationLoss(0, 2.0, 3);
        try (TensorScope scope = TensorScope.open()) {
            Tensor weights = Tensor.fromFloats(labelWeights, 3);
            List<Tensor> passes = List.of(Tensor.fromFloats(values, 3, 3), Tensor.fromFloats(others, 3, 3));
            double whole = loss.part(passes, Tensor.fromLongs(labels, 3), weights, 1, 1)
                    .item();
            List<Tensor> start =
                    passes.stream().map(pass -> pass.slice(0, 0, 2)).toList();
            List<Tensor> end = passes.stream().map(pass -> pass.slice(0, 2, 3)).toList();
            double parts = loss.part(start, Tensor.fromLongs(new long[] {0, 1}, 2), weights, 3 / 3.5, 2 / 3.0)
                            .item()
                    + loss.part(end, Tensor.fromLongs(new long[] {2}, 1), weights, 0.5 / 3.5, 1 / 3.0)
                            .item();
            assertThat(parts).isCloseTo(whole, within(1e-6));
        }
    }

    @Test
    void settings_say_which_loss() {
        RunConfig config = RunConfig.defaults().with("training.r_drop_alpha", 1.5);
        assertThat(ClassificationLoss.of(config.training())).isEqualTo(new ClassificationLoss(0, null, 1.5));
        RunConfig focal = RunConfig.defaults().with("training.loss", "focal").with("training.focal_gamma", 3);
        assertThat(ClassificationLoss.of(focal.training())).isEqualTo(new ClassificationLoss(0, 3.0, 0));
        assertThatThrownBy(() -> new ClassificationLoss(0.1, 2.0, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    private static @Nullable Tensor weights(JsonNode json, int classes) {
        JsonNode weights = json.get("weights");
        return weights.isNull() ? null : Tensor.fromFloats(floats(weights), classes);
    }

    private static float[] floats(JsonNode array) {
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).floatValue();
        }
        return values;
    }

    private static long[] longs(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToLong(JsonNode::asLong)
                .toArray();
    }
}
