package dev.parlance.train.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlance.config.RunConfig;
import dev.parlance.config.TrainingArguments;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StepCountTest {
    @ParameterizedTest
    @CsvSource({
        "60, 16, 1, 1, -1, 4",
        "64, 16, 1, 1, -1, 4",
        "65, 16, 1, 2, -1, 10",
        "60, 16, 1, 0.5, -1, 2",
        "60, 16, 1, 0.001, -1, 1",
        "1, 16, 1, 3, -1, 3",
        "65, 16, 2, 2, -1, 6",
        "65, 16, 8, 2, -1, 2",
        "60, 16, 1, 1, 7, 7",
        "60, 16, 1, 9, 7, 7"
    })
    void counts_steps_as_transformers_does(
            int examples, int batchSize, int accumulation, double epochs, int maxSteps, long steps) {
        TrainingArguments arguments = RunConfig.defaults()
                .with("training.per_device_train_batch_size", batchSize)
                .with("training.gradient_accumulation_steps", accumulation)
                .with("training.num_train_epochs", epochs)
                .with("training.max_steps", maxSteps)
                .training();
        assertThat(StepCount.ofBatches((examples - 1) / batchSize + 1, arguments)
                        .all())
                .isEqualTo(steps);
    }
}
