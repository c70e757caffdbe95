package dev.parlance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TrainCommandTest {
    @Test
    void needs_data() {
        Run run = Run.of("train");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).startsWith("parlance: there is nothing to train on, expected --data FILE");
    }

    @Test
    void refuses_a_file_that_is_not_there() {
        Run run = Run.of("train", "--data", "/no/such/reviews.csv", "--output", "/tmp/never-written");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("/no/such/reviews.csv").doesNotContain("\tat ");
    }

    @Test
    void takes_the_names_of_training_arguments_with_underscores_too() {
        Run run = Run.of("train", "--data", "/no/such/reviews.csv", "--learning_rate", "fast");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).startsWith("parlance: --learning-rate is 'fast', expected a number");
    }

    @Test
    void shows_every_default_in_its_help() {
        Run run = Run.of("train", "--help");
        assertThat(run.out())
                .contains("--learning-rate=<rate>", "Default: auto.", "--num-train-epochs=<n>", "Default: 3.")
                .contains("Data:", "Model:", "Training (names are those of Hugging Face's TrainingArguments):");
    }
}
