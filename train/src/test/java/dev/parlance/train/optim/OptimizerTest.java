package dev.parlance.train.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.parlance.config.TrainingArguments;
import dev.parlance.config.UserError;
import dev.parlance.train.tensor.Tensor;
import dev.parlance.train.tensor.TensorScope;
import dev.parlance.train.tensor.Torch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What all optimizers promise, each held to it with every set of options of the parity problem. */
class OptimizerTest {
    /** Large enough to be cut, by shards and by the cache, at sizes that no vector length divides. */
    private static final ParityProblem LARGE = new ParityProblem(shapes());

    private static Map<String, int[]> shapes() {
        Map<String, int[]> shapes = new LinkedHashMap<>();
        shapes.put("embeddings.weight", new int[] {1501, 47});
        shapes.put("dense.weight", new int[] {33, 61});
        shapes.put("dense.bias", new int[] {61});
        return shapes;
    }

    static List<String> cases() {
        return ParityProblem.cases();
    }

    static void step(Optimizer optimizer, int shards, double learningRate, double gradFactor) {
        optimizer.beginStep();
        for (int shard = 0; shard < shards; shard++) {
            optimizer.step(shard, learningRate, gradFactor);
        }
    }

    private static void train(Optimizer optimizer, int shards, Map<String, Tensor> tensors, double rate, int... steps) {
        for (int step = steps[0]; step <= steps[1]; step++) {
            LARGE.backward(tensors, step);
            step(optimizer, shards, rate, 1);
        }
    }

    private static List<float[]> values(Map<String, Tensor> tensors) {
        List<float[]> values = new ArrayList<>();
        tensors.values().forEach(tensor -> values.add(tensor.detach().toFloats()));
        return values;
    }

    private static List<float[]> trained(String name, int shards, int steps) {
        TrainingArguments arguments = ParityProblem.arguments(name);
        try (TensorScope scope = TensorScope.open()) {
            Map<String, Tensor> tensors = LARGE.tensors();
            try (Optimizer optimizer =
                    Optimizer.of(OptimizerParityTest.groups(tensors, arguments), arguments, shards)) {
                train(optimizer, shards, tensors, arguments.learningRate(), 1, steps);
            }
            return values(tensors);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shards_change_no_bit(String name) {
        List<float[]> one = trained(name, 1, 4);
        List<float[]> three = trained(name, 3, 4);
        for (int i = 0; i < one.size(); i++) {
            assertThat(three.get(i)).isEqualTo(one.get(i));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void goes_on_from_its_state_bit_by_bit_with_other_shards(String name) {
        TrainingArguments arguments = ParityProblem.arguments(name);
        List<float[]> expected = trained(name, 2, 6);
        try (TensorScope scope = TensorScope.open()) {
            Map<String, Tensor> tensors = LARGE.tensors();
            List<ParameterGroup> groups = OptimizerParityTest.groups(tensors, arguments);
            Map<String, Tensor> saved = new LinkedHashMap<>();
            try (Optimizer optimizer = Optimizer.of(groups, arguments, 2)) {
                train(optimizer, 2, tensors, arguments.learningRate(), 1, 3);
                optimizer.state().forEach((key, tensor) -> saved.put(key, tensor.copy()));
                train(optimizer, 2, tensors, 1e-3, 4, 4); // what comes after must not matter
            }
            assertThat(saved).containsKey("step/dense.weight");
            Map<String, Tensor> again = LARGE.tensors();
            try (Optimizer first = Optimizer.of(OptimizerParityTest.groups(again, arguments), arguments, 2)) {
                train(first, 2, again, arguments.learningRate(), 1, 3);
            }
            try (Optimizer second = Optimizer.of(OptimizerParityTest.groups(again, arguments), arguments, 3)) {
                second.restore(saved);
                train(second, 3, again, arguments.learningRate(), 4, 6);
            }
            List<float[]> found = values(again);
            for (int i = 0; i < expected.size(); i++) {
                assertThat(found.get(i)).isEqualTo(expected.get(i));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void multiplies_gradients_with_the_clip_factor(String name) {
        TrainingArguments arguments = ParityProblem.arguments(name);
        List<float[]> expected = trained(name, 1, 3);
        try (TensorScope scope = TensorScope.open()) {
            Map<String, Tensor> tensors = LARGE.tensors();
            try (Optimizer optimizer = Optimizer.of(OptimizerParityTest.groups(tensors, arguments), arguments, 1)) {
                for (int step = 1; step <= 3; step++) {
                    LARGE.backward(tensors, step);
                    try (Torch.Guard guard = Torch.noGrad()) {
                        tensors.values().forEach(tensor -> Objects.requireNonNull(tensor.grad())
                                .mulInPlace(4));
                    }
                    step(optimizer, 1, arguments.learningRate(), 0.25);
                }
            }
            List<float[]> found = values(tensors);
            for (int i = 0; i < expected.size(); i++) {
                assertThat(found.get(i)).containsExactly(expected.get(i), within(1e-6f));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void a_parameter_that_starts_late_starts_like_a_new_one(String name) {
        TrainingArguments arguments = ParityProblem.arguments(name);
        try (TensorScope scope = TensorScope.open()) {
            Map<String, Tensor> late = LARGE.tensors();
            Map<String, Tensor> fresh = LARGE.tensors();
            Tensor bias = Objects.requireNonNull(late.get("dense.bias"));
            try (Optimizer optimizer = Optimizer.of(OptimizerParityTest.groups(late, arguments), arguments, 1);
                    Optimizer other = Optimizer.of(OptimizerParityTest.groups(fresh, arguments), arguments, 1)) {
                for (int step = 1; step <= 3; step++) {
                    LARGE.backward(late, step);
                    bias.clearGrad();
                    step(optimizer, 1, arguments.learningRate(), 1);
                }
                assertThat(bias.detach().toFloats())
                        .isEqualTo(Objects.requireNonNull(fresh.get("dense.bias"))
                                .detach()
                                .toFloats());
                train(optimizer, 1, late, arguments.learningRate(), 4, 5);
                train(other, 1, fresh, arguments.learningRate(), 4, 5);
                Map<String, Tensor> state = optimizer.state();
                assertThat(Objects.requireNonNull(state.get("step/dense.bias")).item())
                        .isEqualTo(2);
                assertThat(Objects.requireNonNull(state.get("step/dense.weight"))
                                .item())
                        .isEqualTo(5);
            }
            assertThat(bias.detach().toFloats())
                    .isEqualTo(Objects.requireNonNull(fresh.get("dense.bias"))
                            .detach()
                            .toFloats());
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void a_group_scales_the_learning_rate(String name) {
        TrainingArguments arguments = ParityProblem.arguments(name);
        List<float[]> expected = trained(name, 1, 3);
        try (TensorScope scope = TensorScope.open()) {
            Map<String, Tensor> tensors = LARGE.tensors();
            List<ParameterGroup> groups = OptimizerParityTest.groups(tensors, arguments).stream()
                    .map(group -> new ParameterGroup(group.parameters(), 0.5, group.weightDecay()))
                    .toList();
            try (Optimizer optimizer = Optimizer.of(groups, arguments, 1)) {
                train(optimizer, 1, tensors, 2 * arguments.learningRate(), 1, 3);
            }
            List<float[]> found = values(tensors);
            for (int i = 0; i < expected.size(); i++) {
                assertThat(found.get(i)).isEqualTo(expected.get(i));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void frees_what_it_made(String name) {
        trained(name, 2, 2);
        System.gc();
        long before = Torch.nativeObjects();
        trained(name, 2, 2);
        System.gc();
        assertThat(Torch.nativeObjects()).isLessThanOrEqualTo(before);
    }

    @Test
    void refuses_the_state_of_another_optimizer() {
        TrainingArguments adamw = ParityProblem.arguments("adamw");
        TrainingArguments sgd = ParityProblem.arguments("sgd");
        try (TensorScope scope = TensorScope.open()) {
            Map<String, Tensor> tensors = LARGE.tensors();
            List<ParameterGroup> groups = OptimizerParityTest.groups(tensors, adamw);
            try (Optimizer one = Optimizer.of(groups, adamw, 1);
                    Optimizer other = Optimizer.of(groups, sgd, 1)) {
                assertThatThrownBy(() -> one.restore(other.state()))
                        .isInstanceOf(UserError.class)
                        .hasMessageContaining("the saved optimizer state lacks exp_avg/dense.bias");
                assertThatThrownBy(() -> other.restore(one.state()))
                        .isInstanceOf(UserError.class)
                        .hasMessageContaining("has an unexpected exp_avg/dense.bias");
                Map<String, Tensor> misshapen = new LinkedHashMap<>(one.state());
                misshapen.put("exp_avg/dense.bias", Tensor.zeros(3));
                assertThatThrownBy(() -> one.restore(misshapen))
                        .isInstanceOf(UserError.class)
                        .hasMessageContaining("[3] FLOAT32) for exp_avg/dense.bias, expected [61]");
            }
        }
    }

    @Test
    void shards_together_have_the_whole_gradient_norm() {
        TrainingArguments arguments = ParityProblem.arguments("adamw");
        try (TensorScope scope = TensorScope.open()) {
            Map<String, Tensor> tensors = LARGE.tensors();
            LARGE.backward(tensors, 1);
            double expected = tensors.values().stream()
                    .mapToDouble(tensor ->
                            Objects.requireNonNull(tensor.grad()).norm().item())
                    .map(norm -> norm * norm)
                    .sum();
            try (Optimizer optimizer = Optimizer.of(OptimizerParityTest.groups(tensors, arguments), arguments, 2)) {
                assertThat(optimizer.squaredGradNorm(0) + optimizer.squaredGradNorm(1))
                        .isCloseTo(expected, within(1e-5 * expected));
                assertThat(optimizer.squaredGradNorm(0)).isLessThan(0.7 * expected);
            }
        }
    }
}
