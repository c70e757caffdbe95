package dev.parlance.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForeignNamesTest {
    @TempDir
    Path folder;

    private final List<String> notes = new ArrayList<>();

    private RunConfig read(String content) {
        try {
            return ConfigFiles.read(Files.writeString(folder.resolve("run.yaml"), content), notes::add);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "training: {evaluation_strategy: steps}      | training.eval_strategy               | steps",
                "training: {evaluation_strategy: no}         | training.eval_strategy               | no",
                "training: {per_gpu_train_batch_size: 8}     | training.per_device_train_batch_size | 8",
                "training: {batch_size: auto}                | training.per_device_train_batch_size | -1",
                "training: {lr: 3e-5}                        | training.learning_rate               | 3e-5",
                "training: {learningRate: 3e-5}              | training.learning_rate               | 3e-5",
                "training: {learning-rate: 3e-5}             | training.learning_rate               | 3e-5",
                "training: {epochs: 4}                       | training.num_train_epochs            | 4",
                "training: {max_seq_length: 64}              | model.max_length                     | 64",
                "training: {max_length: 64}                  | model.max_length                     | 64",
                "learning_rate: 3e-5                         | training.learning_rate               | 3e-5",
                "train_file: a.csv                           | data.train                           | a.csv",
                "model_name_or_path: minilm                  | model.model_name_or_path             | minilm",
                "training: {bf16: true}                      | training.precision                   | bf16",
                "training: {bf16: false}                     | training.precision                   | fp32",
                "training: {auto_find_batch_size: true}      | training.per_device_train_batch_size | -1",
                "training: {optimizer: lion}                 | training.optim                       | lion",
                "training: {adafactor: true}                 | training.optim                       | adafactor",
            })
    void settings_by_other_names_are_read_and_told(String yaml, String path, String value) {
        RunConfig expected = ConfigFiles.withAssignment(RunConfig.defaults(), path + "=" + value);
        assertThat(read(yaml)).isEqualTo(expected).isNotEqualTo(RunConfig.defaults());
        assertThat(notes).singleElement().asString().contains(" is read as " + path);
    }

    @Test
    void a_flat_file_of_a_training_script_is_read() {
        RunConfig config = read("{\"learning_rate\": 2e-5, \"num_train_epochs\": 3, \"warmup_ratio\": 0.06,"
                + " \"per_device_train_batch_size\": 16, \"evaluation_strategy\": \"epoch\", \"fp16\": false,"
                + " \"output_dir\": \"out\", \"no_cuda\": true, \"max_seq_length\": 96}");
        assertThat(config)
                .isEqualTo(RunConfig.defaults()
                        .with("training.learning_rate", 2e-5)
                        .with("training.warmup_ratio", 0.06)
                        .with("training.per_device_train_batch_size", 16)
                        .with("output_dir", "out")
                        .with("model.max_length", 96));
        assertThat(notes)
                .contains(
                        "learning_rate is read as training.learning_rate",
                        "fp16 has no effect: there is no such setting, and it is off",
                        "no_cuda has no effect: everything is computed on the processor")
                .noneMatch(note -> note.startsWith("output_dir"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "training: {fp16: true}          | training.fp16 is a setting of Hugging Face's Trainer that Parlance does not have: processors",
                "training: {deepspeed: ds.json}  | training.deepspeed is a setting of Hugging Face's Trainer",
                "push_to_hub: true               | push_to_hub is a setting of Hugging Face's Trainer that Parlance does not have: nothing",
                "training: {lr: 1, learning_rate: 2}  | has both training.lr and training.learning_rate, which are names of one setting",
                "training: {learning_rate: 2, lr: 1}  | has both training.learning_rate and training.lr",
                "training: {per_gpu_train_batch_size: x}  | training.per_device_train_batch_size is 'x', expected a whole number",
                "training: {evaluaton_strategy: no}   | has an unknown key training.evaluaton_strategy",
                "lerning_rate: 1                 | has an unknown key lerning_rate; did you mean training.learning_rate?"
            })
    void refuses_in_one_line(String yaml, String message) {
        assertThatThrownBy(() -> read(yaml))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n");
    }

    @Test
    void programs_are_told_what_to_write_instead() {
        RunConfig config = RunConfig.defaults();
        assertThatThrownBy(() -> config.with("training.lr", 1))
                .hasMessageContaining("unknown key training.lr; did you mean training.learning_rate?");
        assertThatThrownBy(() -> config.with("training.max_seq_length", 64))
                .hasMessageContaining("did you mean model.max_length?");
        assertThatThrownBy(() -> config.with("training.deepspeed", "x"))
                .hasMessage("the setting: training.deepspeed is a setting of Hugging Face's Trainer that Parlance does"
                        + " not have: a run is one process on one machine, whose processors training.threads says");
        assertThat(config.with("training.per_device_train_batch_size", "auto")
                        .training()
                        .measuresBatchSize())
                .isTrue();
    }

    @Test
    void assignments_are_translated_where_notes_are_heard() {
        RunConfig config = ConfigFiles.withAssignment(RunConfig.defaults(), "lr=3e-5", notes::add);
        config = ConfigFiles.withAssignment(config, "training.evaluation_strategy=no", notes::add);
        config = ConfigFiles.withAssignment(config, "training.seed=7", notes::add);
        config = ConfigFiles.withAssignment(config, "text_column_name=2", notes::add);
        assertThat(config.training().learningRate()).isEqualTo(3e-5);
        assertThat(config.training().evalStrategy()).isEqualTo("no");
        assertThat(config.data().textColumn()).isEqualTo("2");
        assertThat(notes)
                .containsExactly(
                        "lr is read as training.learning_rate",
                        "training.evaluation_strategy is read as training.eval_strategy",
                        "text_column_name is read as data.text_column");
        assertThatThrownBy(() -> ConfigFiles.withAssignment(RunConfig.defaults(), "lr=3e-5"))
                .hasMessageContaining("did you mean training.learning_rate?");
    }

    @Test
    void every_target_is_a_setting() {
        for (String name :
                List.of("lr", "epochs", "batch_size", "warmup_proportion", "label_smoothing", "llrd", "ema")) {
            assertThat(ForeignNames.of(name)).as(name).isPresent();
        }
        assertThat(ForeignNames.of("no_such_name")).isEmpty();
    }
}
