package dev.parlance.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFilesTest {
    @TempDir
    Path folder;

    @Test
    void keeps_the_defaults_of_what_a_file_leaves_out() {
        RunConfig config = read("data: {train: reviews.csv}\ntraining:\n  num_train_epochs: 5\n");
        assertThat(config)
                .isEqualTo(
                        RunConfig.defaults().with("data.train", "reviews.csv").with("training.num_train_epochs", 5));
    }

    @Test
    void reads_an_empty_file_as_all_defaults() {
        assertThat(read("")).isEqualTo(RunConfig.defaults());
        assertThat(read("# nothing\n")).isEqualTo(RunConfig.defaults());
    }

    @Test
    void reads_back_what_it_wrote_as_yaml_and_as_json() throws IOException {
        RunConfig config = RunConfig.defaults()
                .with("data.train", "a.csv")
                .with("data.delimiter", ";")
                .with("data.max_unpacked_bytes", 10_000_000_000L)
                .with("training.learning_rate", 3e-5)
                .with("training.adam_epsilon", 1e-12)
                .with("training.metric_for_best_model", "accuracy")
                .with("overwrite_output_dir", true);
        assertThat(read(new YAMLMapper().writeValueAsString(ConfigFiles.toTree(config))))
                .isEqualTo(config);
        assertThat(read(ConfigFiles.toTree(config).toString())).isEqualTo(config);
        assertThat(read(ConfigFiles.toTree(RunConfig.defaults()).toString())).isEqualTo(RunConfig.defaults());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "training: {lerning_rate: 1}     | has an unknown key training.lerning_rate; did you mean training.learning_rate?",
                "trainign: {learning_rate: 1}    | has an unknown key trainign; did you mean training?",
                "foo: 1                          | has an unknown key foo, expected one of task, data, model, training",
                "training: 5                     | training is not a group of settings, expected keys learning_rate",
                "training: null                  | training is not a group of settings",
                "[1, 2]                          | is not a group of settings",
                "training: {seed: 1.5}           | training.seed is 1.5, expected a whole number",
                "training: {seed: abc}           | training.seed is 'abc', expected a whole number",
                "training: {seed: null}          | training.seed is null, expected a whole number",
                "training: {learning_rate: fast} | training.learning_rate is 'fast', expected a number",
                "training: {learning_rate: true} | training.learning_rate is true, expected a number",
                "training: {learning_rate: NaN} | training.learning_rate is",
                "training: {group_by_length: maybe} | training.group_by_length is 'maybe', expected true or false",
                "training: {group_by_length: 1}  | training.group_by_length is 1, expected true or false",
                "training: {precision: fp8}      | training.precision is 'fp8', expected one of auto, fp32, bf16",
                "training: {precision: [fp32]}   | training.precision is a list, expected a text",
                "data: {train: true}             | data.train is true, expected a text",
                "data: {delimiter: ab}           | data.delimiter is 'ab', expected one character",
                "data: {max_rows: 99999999999}   | data.max_rows is 99999999999, expected a whole number",
                "model: {max_length: 2}          | model.max_length is 2, expected a whole number from 3",
                "model: {dropout: 1.5}           | model.dropout is 1.5, expected a number from 0 to 0.99",
                "data: {quoting: maybe}          | data.quoting is 'maybe', expected one of auto, quoted, raw",
                "data: {validation_fraction: 0.6, test_fraction: 0.5} | add up to 1.1, expected at most 0.95",
                "output_dir: ''                  | output_dir is empty",
                "'a: [1'                         | is neither YAML nor JSON",
                "'{task: a, task: b}'            | is neither YAML nor JSON"
            })
    void refuses_with_the_name_of_the_setting(String yaml, String message) {
        String content = yaml.startsWith("'") ? yaml.substring(1, yaml.length() - 1) : yaml;
        assertThatThrownBy(() -> read(content))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n")
                .hasMessageNotContaining("com.fasterxml");
    }

    @ParameterizedTest
    @CsvSource({
        "3e-5, 3e-5",
        "3E-05, 3e-5",
        "0.00003, 3e-5",
        "1, 1.0",
        "' 2.5e-1 ', 0.25",
    })
    void takes_numbers_as_people_write_them(String text, double value) {
        assertThat(ConfigFiles.withAssignment(RunConfig.defaults(), "training.learning_rate=" + text)
                        .training()
                        .learningRate())
                .isEqualTo(value);
        assertThat(read("training: {learning_rate: " + text + "}").training().learningRate())
                .isEqualTo(value);
    }

    @Test
    void assigns_texts_that_look_like_something_else() {
        RunConfig config = RunConfig.defaults();
        assertThat(ConfigFiles.withAssignment(config, "data.label_column=2")
                        .data()
                        .labelColumn())
                .isEqualTo("2");
        assertThat(ConfigFiles.withAssignment(config, "data.train=1e5").data().train())
                .isEqualTo("1e5");
        assertThat(ConfigFiles.withAssignment(config, "data.train=007").data().train())
                .isEqualTo("007");
        assertThat(ConfigFiles.withAssignment(config, "data.train=C:\\a: b.csv")
                        .data()
                        .train())
                .isEqualTo("C:\\a: b.csv");
        assertThat(ConfigFiles.withAssignment(config, "data.delimiter=;").data().delimiter())
                .isEqualTo(';');
        assertThat(ConfigFiles.withAssignment(config.with("data.train", "a"), "data.train=null")
                        .data()
                        .train())
                .isNull();
        assertThat(ConfigFiles.withAssignment(config, "data.train=a=b.csv")
                        .data()
                        .train())
                .isEqualTo("a=b.csv");
    }

    @ParameterizedTest
    @CsvSource({"learning_rate", "=3", "''"})
    void refuses_what_is_no_assignment(String text) {
        assertThatThrownBy(() -> ConfigFiles.withAssignment(RunConfig.defaults(), text))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("expected NAME=VALUE");
    }

    @Test
    void changes_one_setting_and_names_a_misspelt_one() {
        assertThat(RunConfig.defaults().with("training.seed", 7).training().seed())
                .isEqualTo(7);
        assertThatThrownBy(() -> RunConfig.defaults().with("training.sead", 7))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("did you mean training.seed?");
        assertThatThrownBy(() -> RunConfig.defaults().with("data", 7)).isInstanceOf(UserError.class);
    }

    @Test
    void refuses_what_is_no_run_file() throws IOException {
        refuses(folder, "is not a file");
        refuses(folder.resolve("none.yaml"), "is not a file");
        refuses(
                Files.writeString(folder.resolve("big.yaml"), "#".repeat((1 << 20) + 1)),
                "expected a run file of at most");
        refuses(
                Files.write(folder.resolve("latin.yaml"), "task: caf\u00e9".getBytes(StandardCharsets.ISO_8859_1)),
                "UTF-8");
        refuses(
                Files.writeString(folder.resolve("bomb.yaml"), "a: ".repeat(5) + "[".repeat(100_000)),
                "is neither YAML nor JSON");
    }

    @Test
    void measures_the_distance_of_words() {
        assertThat(Spelling.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(Spelling.distance("", "abc")).isEqualTo(3);
        assertThat(Spelling.distance("sdg", "sgd")).isEqualTo(1);
        assertThat(Spelling.nearest("foo", java.util.List.of("tol"))).isEmpty();
        assertThat(Spelling.nearest("xyz", java.util.List.of("learning_rate"))).isEmpty();
    }

    private static void refuses(Path file, String message) {
        assertThatThrownBy(() -> ConfigFiles.read(file))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n");
    }

    private RunConfig read(String content) {
        try {
            return ConfigFiles.read(Files.writeString(folder.resolve("run.yaml"), content));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
