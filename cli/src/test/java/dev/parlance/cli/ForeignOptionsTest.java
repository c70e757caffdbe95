package dev.parlance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the command line of a training script comes to; the data is missing, so that nothing is trained. */
class ForeignOptionsTest {
    @TempDir
    Path folder;

    private Run train(String... more) {
        String[] args = new String[more.length + 2];
        args[0] = "train";
        args[1] = "--data=" + folder.resolve("none.csv");
        System.arraycopy(more, 0, args, 2, more.length);
        return Run.of(args);
    }

    @ParameterizedTest
    @CsvSource({
        "--lr, 3e-5, --learning-rate",
        "--learningRate, 3e-5, --learning-rate",
        "--epochs, 2, --num-train-epochs",
        "--batch_size, auto, --per-device-train-batch-size",
        "--evaluation_strategy, epoch, --eval-strategy",
        "--per_gpu_eval_batch_size, 8, --per-device-eval-batch-size",
        "--max_seq_length, 64, --max-length",
        "--bf16, true, --precision bf16",
    })
    void are_read_with_a_note(String option, String value, String name) {
        Run run = train(option, value);
        assertThat(run.err())
                .contains(" is read as " + name)
                .contains("none.csv")
                .doesNotContain("Unknown");
        assertThat(run.code()).isEqualTo(2);
    }

    @Test
    void a_wrong_value_names_the_option_that_it_was_read_as() {
        assertThat(train("--lr=fast").err()).contains("--learning-rate is 'fast', expected a number");
    }

    @Test
    void what_has_no_effect_is_told_and_left_out() {
        Run run = train("--no_cuda", "--dataloader_num_workers", "4", "--do_train");
        assertThat(run.err())
                .contains("note: --no-cuda has no effect: everything is computed on the processor")
                .contains("note: --dataloader-num-workers has no effect")
                .contains("note: --do-train has no effect")
                .contains("none.csv")
                .doesNotContain("Unknown")
                .doesNotContain("Unmatched");
    }

    @Test
    void what_there_is_not_is_refused_in_one_line() {
        Run run = train("--fp16");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err())
                .isEqualTo("parlance: --fp16 is a setting of Hugging Face's Trainer that Parlance does not have:"
                        + " processors have no fast fp16; training.precision takes auto, fp32 or bf16\n");
        assertThat(train("--fp16=False").err()).contains("note: --fp16 has no effect");
    }

    @Test
    void settings_are_translated_too() {
        Run run = train("--set", "lr=3e-5", "--set", "training.warmup_proportion=0.2");
        assertThat(run.err())
                .contains("note: lr is read as training.learning_rate")
                .contains("note: training.warmup_proportion is read as training.warmup_ratio");
    }

    @Test
    void other_commands_keep_their_words() {
        Run run = Run.of("predict", "--lr", "3");
        assertThat(run.err()).doesNotContain("is read as");
        assertThat(run.code()).isEqualTo(2);
    }
}
