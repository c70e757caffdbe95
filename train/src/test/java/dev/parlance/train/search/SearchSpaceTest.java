package dev.parlance.train.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.parlance.config.RunConfig;
import dev.parlance.config.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SearchSpaceTest {
    private static final RunConfig BASE = RunConfig.defaults();

    @TempDir
    Path directory;

    @Test
    void reads_ranges_and_lists() {
        SearchSpace space = SearchSpace.parse(
                BASE,
                List.of(
                        "training.learning_rate=1e-5..1e-3:log:5",
                        "training.num_train_epochs = 2 .. 6 :int",
                        "training.per_device_train_batch_size=8..64:log",
                        "training.lr_scheduler_type=linear, constant",
                        "training.group_by_length=true,false",
                        "model.model_name_or_path=../a,b|c"));
        assertThat(space.parameters())
                .containsExactly(
                        new Range("training.learning_rate", 1e-5, 1e-3, true, false, 5),
                        new Range("training.num_train_epochs", 2, 6, false, true, 0),
                        new Range("training.per_device_train_batch_size", 8, 64, true, true, 0),
                        new Choice("training.lr_scheduler_type", List.of("linear", "constant")),
                        new Choice("training.group_by_length", List.of("true", "false")),
                        new Choice("model.model_name_or_path", List.of("../a,b", "c")));
    }

    @Test
    void reads_a_file_and_lets_the_command_line_win() throws IOException {
        Path file = Files.writeString(directory.resolve("space.yaml"), """
                training.learning_rate: 1e-5..1e-3:log
                training:
                  weight_decay: {min: 0, max: 0.1, points: 3}
                  num_train_epochs: [2, 3.5, 5]
                model:
                  dropout: 0.0, 0.1
                """);
        SearchSpace space = SearchSpace.parse(BASE, file, List.of("training.num_train_epochs=1,2"));
        assertThat(space.parameters())
                .containsExactly(
                        new Range("training.learning_rate", 1e-5, 1e-3, true, false, 0),
                        new Range("training.weight_decay", 0, 0.1, false, false, 3),
                        new Choice("model.dropout", List.of("0.0", "0.1")),
                        new Choice("training.num_train_epochs", List.of("1", "2")));
    }

    @Test
    void applies_values_to_the_settings() {
        SearchSpace space = SearchSpace.parse(
                BASE,
                List.of(
                        "training.learning_rate=1e-6..1e-5:log",
                        "training.seed=1,2",
                        "training.group_by_length=true,false"));
        RunConfig config = space.apply(
                BASE,
                Map.of(
                        "training.learning_rate", "3.162E-6",
                        "training.seed", "2",
                        "training.group_by_length", "false"));
        assertThat(config.training().learningRate()).isEqualTo(3.162e-6);
        assertThat(config.training().seed()).isEqualTo(2);
        assertThat(config.training().groupByLength()).isFalse();
    }

    @Test
    void the_default_space_fits_the_settings() {
        assertThat(SearchSpace.defaults(BASE).parameters()).hasSize(3);
        RunConfig linear = BASE.with("model.model_name_or_path", "linear");
        assertThat(SearchSpace.defaults(linear).parameters())
                .allMatch(parameter -> parameter.name().startsWith("linear."));
    }

    @Test
    void a_log_range_gives_equal_ratios_equal_room() {
        Range range = new Range("training.learning_rate", 1e-5, 1e-3, true, false, 3);
        assertThat(range.grid()).containsExactly("1.0E-5", "1.0E-4", "0.001");
        assertThat(Double.parseDouble(range.value(0.25))).isCloseTo(3.162e-5, within(1e-8));
        assertThat(range.interval("1.0E-4").middle()).isCloseTo(0.5, within(1e-9));
        assertThat(range.value(0)).isEqualTo("1.0E-5");
        assertThat(range.value(1)).isEqualTo("0.001");
    }

    @Test
    void whole_numbers_have_equal_room_up_to_both_ends() {
        Range range = new Range("training.seed", 1, 4, false, true, 0);
        long[] counts = new long[5];
        IntStream.range(0, 1000).forEach(i -> counts[Integer.parseInt(range.value((i + 0.5) / 1000))]++);
        assertThat(counts).containsExactly(0, 250, 250, 250, 250);
        assertThat(range.grid()).containsExactly("1", "2", "3", "4");
        assertThat(range.interval("2")).isEqualTo(new Parameter.Interval(0.25, 0.5));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "training.lerning_rate=1..2 | there is no setting training.lerning_rate to search; did you mean training.learning_rate?",
                "learning_rate=1e-5..1e-3 | did you mean training.learning_rate?",
                "training=1,2 | training is a group of settings, expected one of them such as training.learning_rate",
                "training.learning_rate | 'training.learning_rate' is nothing to search, expected NAME=VALUES",
                "training.learning_rate=1e-3..1e-5 | expected the smaller end first",
                "training.learning_rate=0..1e-3:log | searched by its logarithm from 0.0, expected more than 0",
                "training.learning_rate=0.1..100 | training.learning_rate is 100, expected a number from 0 to 10",
                "training.learning_rate=a..b | searched to 'a', expected a number at both ends",
                "training.learning_rate=1e-5..1e-3:lg | has ':lg' after its range, expected :log, :int or a number of points",
                "training.seed=1.5..3 | expected whole numbers",
                "training.seed=7 | has the one value [7] to search",
                "training.seed=7,7 | has a value twice",
                "training.lr_scheduler_type=linear,cosin | training.lr_scheduler_type is 'cosin'",
                "training.threads=1,2 | training.threads cannot be searched: --cores-per-trial sets it",
                "data.split_seed=1,2 | data.split_seed cannot be searched: it would change what the scores are measured on",
                "output_dir=a,b | output_dir cannot be searched"
            })
    void says_what_is_wrong(String assignment, String message) {
        assertThatThrownBy(() -> SearchSpace.parse(BASE, List.of(assignment)))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(message);
    }

    @Test
    void refuses_a_setting_twice_and_unknown_keys_of_a_range() throws IOException {
        assertThatThrownBy(() -> SearchSpace.parse(BASE, List.of("training.seed=1,2", "training.seed=3,4")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("training.seed is searched twice");
        Path file = Files.writeString(
                directory.resolve("space.yaml"), "training.learning_rate: {min: 1e-5, max: 1e-3, lg: true}\n");
        assertThatThrownBy(() -> SearchSpace.parse(BASE, file, List.of()))
                .isInstanceOf(UserError.class)
                .hasMessage("training.learning_rate has an unknown key lg; did you mean log?");
    }
}
