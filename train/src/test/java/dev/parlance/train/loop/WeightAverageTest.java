package dev.parlance.train.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parlance.config.RunConfig;
import dev.parlance.config.TrainingArguments;
import dev.parlance.train.tensor.Tensor;
import dev.parlance.train.tensor.Torch;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WeightAverageTest {
    private static final long STEPS = 10;

    private final Map<String, Tensor> weights = new LinkedHashMap<>();
    private final Workers workers = new Workers(2);

    @BeforeEach
    void two_tensors() {
        Torch.initialize(1, false);
        weights.put("a", Tensor.fromFloats(new float[] {1, 2}, 2));
        weights.put("b", Tensor.fromFloats(new float[] {0.1f}, 1));
    }

    @AfterEach
    void close() {
        weights.values().forEach(Tensor::close);
        workers.close();
    }

    private static TrainingArguments with(String setting, double value) {
        return RunConfig.defaults().with("training." + setting, value).training();
    }

    private float[] values(String name) {
        return Objects.requireNonNull(weights.get(name)).toFloats();
    }

    private void set(float first, float second) {
        Objects.requireNonNull(weights.get("a"))
                .withBuffer(buffer -> buffer.put(first).put(second));
    }

    @Test
    void a_moving_average_starts_fast_and_ends_at_its_decay() {
        TrainingArguments arguments = with("ema_decay", 0.3);
        double expected = 1;
        try (WeightAverage average = new WeightAverage(weights, arguments, STEPS)) {
            for (int step = 1; step <= 6; step++) {
                set(step * step, 0);
                average.afterUpdate(step, false, workers);
                double decay = Math.min(0.3, (1.0 + (step - 1)) / (10.0 + (step - 1)));
                expected = decay * expected + (1 - decay) * step * step;
            }
            try (WeightAverage.Swap swap = average.swapIn()) {
                assertThat((double) values("a")[0]).isCloseTo(expected, within(1e-5));
                assertThat(values("b")).containsExactly(0.1f); // a frozen weight keeps its bits
            }
            assertThat(values("a")).containsExactly(36, 0);
        }
    }

    @Test
    void the_mean_is_of_the_weights_at_the_ends_of_late_epochs() {
        try (WeightAverage average = new WeightAverage(weights, with("swa_start", 0.5), STEPS)) {
            for (int step = 1; step <= STEPS; step++) {
                set(step, -step);
                average.afterUpdate(step, step % 2 == 0, workers);
                if (step < 6) {
                    assertThat(average.count()).isZero();
                    try (WeightAverage.Swap swap = average.swapIn()) {
                        assertThat(values("a")).containsExactly(step, -step); // there is none yet
                    }
                }
            }
            assertThat(average.count()).isEqualTo(3);
            try (WeightAverage.Swap swap = average.swapIn()) {
                assertThat(values("a")).containsExactly(8, -8); // of 6, 8 and 10
            }
            assertThat(values("a")).containsExactly(10, -10);
        }
    }

    @Test
    void the_mean_may_be_of_every_so_many_steps_and_is_never_of_none() {
        TrainingArguments arguments = RunConfig.defaults()
                .with("training.swa_start", 0.5)
                .with("training.swa_steps", 5)
                .training();
        try (WeightAverage average = new WeightAverage(weights, arguments, STEPS);
                WeightAverage late = new WeightAverage(weights, with("swa_start", 0.9), STEPS)) {
            for (int step = 1; step <= STEPS; step++) {
                set(step, 0);
                average.afterUpdate(step, false, workers);
                late.afterUpdate(step, false, workers); // its run ends within an epoch
            }
            assertThat(average.count()).isEqualTo(2);
            assertThat(Objects.requireNonNull(average.averages().get("a")).toFloats()[0])
                    .isEqualTo(7.5f);
            assertThat(late.count()).isEqualTo(1);
            assertThat(Objects.requireNonNull(late.averages().get("a")).toFloats()[0])
                    .isEqualTo(10);
        }
    }

    @Test
    void without_a_setting_nothing_is_kept() {
        long before = Torch.nativeObjects();
        try (WeightAverage average = new WeightAverage(weights, TrainingArguments.defaults(), STEPS)) {
            average.afterUpdate(1, true, workers);
            assertThat(average.averages()).isEmpty();
            assertThat(average.count()).isZero();
            assertThat(Torch.nativeObjects()).isLessThanOrEqualTo(before);
            try (WeightAverage.Swap swap = average.swapIn()) {
                assertThat(values("a")).containsExactly(1, 2);
            }
        }
    }

    @Test
    void goes_on_from_what_was_saved_to_the_same_bits() {
        TrainingArguments arguments = with("ema_decay", 0.9);
        try (WeightAverage whole = new WeightAverage(weights, arguments, STEPS);
                WeightAverage resumed = new WeightAverage(weights, arguments, STEPS)) {
            for (int step = 1; step <= 3; step++) {
                set(step / 3f, 0);
                whole.afterUpdate(step, false, workers);
            }
            resumed.averages()
                    .forEach((name, average) -> average.withBuffer(buffer -> buffer.put(
                            Objects.requireNonNull(whole.averages().get(name)).toFloats())));
            resumed.restore(whole.count());
            set(0.7f, 0.1f);
            whole.afterUpdate(4, false, workers);
            resumed.afterUpdate(4, false, workers);
            assertThat(Objects.requireNonNull(resumed.averages().get("a")).toFloats())
                    .isEqualTo(Objects.requireNonNull(whole.averages().get("a")).toFloats());
        }
    }
}
