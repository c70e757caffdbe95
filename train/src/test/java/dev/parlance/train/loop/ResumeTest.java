package dev.parlance.train.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlance.bundle.ModelBundle;
import dev.parlance.config.ConfigFiles;
import dev.parlance.config.RunConfig;
import dev.parlance.config.UserError;
import dev.parlance.train.checkpoint.Resume;
import dev.parlance.train.hub.ModelStore;
import dev.parlance.train.hub.ProgressListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that is stopped and goes on ends where the unbroken one does; 120 texts in batches of 16 are 8 steps an epoch. */
class ResumeTest {
    @TempDir
    Path folder;

    private RunConfig config = RunConfig.defaults();

    @BeforeEach
    void write_data_and_model() {
        TinyDirectory.bert(folder.resolve("bert"));
        config = config.with("data.train", data("train.csv", 1))
                .with("data.validation", data("validation.csv", 2))
                .with("model.model_name_or_path", folder.resolve("bert").toString())
                .with("model.dropout", 0.2)
                .with("output_dir", output().toString())
                .with("training.learning_rate", 0.003)
                .with("training.num_train_epochs", 3)
                .with("training.per_device_train_batch_size", 16)
                .with("training.precision", "fp32")
                .with("training.threads", 2);
    }

    /** Stops after some steps and keeps what it hears. */
    private static final class Recorder implements TrainingListener {
        private final List<String> notices = new ArrayList<>();
        private final List<Long> steps = new ArrayList<>();
        private final List<Long> checkpoints = new ArrayList<>();
        private final List<Double> losses = new ArrayList<>();
        private long stopAfter = Long.MAX_VALUE;

        static Recorder stoppingAfter(long step) {
            Recorder recorder = new Recorder();
            recorder.stopAfter = step;
            return recorder;
        }

        @Override
        public void onStep(Step step) {
            steps.add(step.step());
            losses.add(step.loss());
        }

        @Override
        public void onNotice(String notice) {
            notices.add(notice);
        }

        @Override
        public void onCheckpoint(Path directory, long step) {
            checkpoints.add(step);
        }

        boolean stop() {
            return !steps.isEmpty() && steps.get(steps.size() - 1) >= stopAfter;
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "gradient_accumulation_steps=3",
                "eval_strategy=steps;eval_steps=3",
                "eval_strategy=no",
                "save_strategy=steps;save_steps=2",
                "save_strategy=best",
                "early_stopping_patience=1",
                "metric_for_best_model=eval_loss;class_weights=balanced",
                "per_device_train_batch_size=12;num_train_epochs=1", // one worker of two threads
                "threads=1;group_by_length=false;max_steps=13",
                "logging_strategy=epoch;lr_scheduler_type=constant",
                "optim=lion;unfreeze_layers_per_epoch=1",
                "optim=adafactor;freeze_layers=embeddings;layerwise_lr_decay=0.9",
                "optim=momentum;lr_scheduler_type=reduce_lr_on_plateau;lr_scheduler_kwargs=patience=0;num_train_epochs=6",
                "optim=rmsprop;lr_scheduler_type=cosine;warmup_steps=6",
                "optim=adagrad",
                "optim=adadelta;lr_scheduler_type=one_cycle",
                "optim=adam",
                "ema_decay=0.9;save_strategy=steps;save_steps=2",
                "swa_start=0.2;swa_steps=2;eval_strategy=steps;eval_steps=4",
                "swa_start=0.3;lr_scheduler_type=constant",
                "r_drop_alpha=1;loss=focal",
                "mixout=0.5;gradient_checkpointing=true",
                "per_device_train_batch_size=32;max_tokens_per_batch=200"
            })
    void a_run_that_was_stopped_ends_with_the_bytes_of_the_unbroken_one(String settings) throws IOException {
        for (String setting : settings.split(";", -1)) {
            config = setting.isEmpty() ? config : ConfigFiles.withAssignment(config, "training." + setting);
        }
        Recorder unbroken = new Recorder();
        TrainingResult whole =
                run(config.with("output_dir", folder.resolve("whole").toString()), unbroken, Resume.NO);

        Recorder first = Recorder.stoppingAfter(1);
        assertThat(run(config, first, Resume.NO).unfinished()).isEqualTo(unfinished());
        Recorder second = Recorder.stoppingAfter(5);
        run(config, second, Resume.LATEST);
        Recorder third = new Recorder();
        TrainingResult resumed = run(config, third, Resume.LATEST);

        assertThat(resumed.unfinished()).isNull();
        assertThat(unfinished()).doesNotExist();
        List<Long> steps = new ArrayList<>(first.steps);
        steps.addAll(second.steps);
        steps.addAll(third.steps);
        assertThat(steps).isEqualTo(unbroken.steps); // none is done twice, none is left out
        assertThat(third.losses).isEqualTo(unbroken.losses.subList(5, unbroken.losses.size()));
        assertThat(resumed.bestStep()).isEqualTo(whole.bestStep());
        for (String file : List.of("model.safetensors", "report.json", "model.onnx")) {
            assertThat(output().resolve(file))
                    .as(file)
                    .hasSameBinaryContentAs(folder.resolve("whole").resolve(file));
        }
    }

    @Test
    void bf16_goes_on_bit_by_bit_too() throws IOException {
        config = config.with("training.precision", "bf16").with("training.num_train_epochs", 1);
        run(config.with("output_dir", folder.resolve("whole").toString()), new Recorder(), Resume.NO);
        run(config, Recorder.stoppingAfter(3), Resume.NO);
        run(config, new Recorder(), Resume.LATEST);
        assertSameWeights();
    }

    @Test
    void measured_batch_sizes_are_told_saved_and_kept_by_a_resumed_run() {
        RunConfig auto = config.with("training.per_device_train_batch_size", "auto")
                .with("training.per_device_eval_batch_size", "auto")
                .with("training.auto_batch_seconds", 0.5);
        Recorder first = Recorder.stoppingAfter(2);
        TrainingResult stopped = run(auto, first, Resume.NO);
        int size = stopped.config().training().perDeviceTrainBatchSize();
        assertThat(size).isEqualTo(8); // 120 texts: with 16 an epoch would have too few steps
        assertThat(first.notices.get(0))
                .startsWith("training.per_device_train_batch_size is 8: 8 gave ")
                .endsWith("too few texts for them");
        assertThat(first.notices.get(1)).startsWith("training.per_device_eval_batch_size is ");
        Recorder second = new Recorder();
        TrainingResult resumed = run(auto, second, Resume.LATEST);
        assertThat(second.notices.get(0)).startsWith("going on after step 2");
        assertThat(resumed.config().training()).isEqualTo(stopped.config().training());
        assertThat(second.steps.get(second.steps.size() - 1)).isEqualTo(45);
    }

    @Test
    void a_damaged_checkpoint_is_told_and_the_one_before_it_taken() throws IOException {
        config = config.with("training.save_strategy", "steps")
                .with("training.save_steps", 2)
                .with("training.save_total_limit", 3);
        run(config.with("output_dir", folder.resolve("whole").toString()), new Recorder(), Resume.NO);
        run(config, Recorder.stoppingAfter(7), Resume.NO);
        assertThat(checkpoints()).containsExactly("checkpoint-4", "checkpoint-6", "checkpoint-7");
        flipByte(unfinished().resolve("checkpoint-7/optimizer.safetensors"));
        Files.delete(unfinished().resolve("checkpoint-6/state.json"));

        Recorder heard = new Recorder();
        run(config, heard, Resume.LATEST);
        assertThat(heard.notices.get(0))
                .contains(
                        "checkpoint-7 is damaged and not used: optimizer.safetensors was changed after it was written");
        assertThat(heard.notices.get(1)).contains("checkpoint-6 is damaged and not used: state.json is missing");
        assertThat(heard.notices.get(2)).startsWith("going on after step 4, from ");
        assertThat(heard.steps.get(0)).isEqualTo(5);
        assertSameWeights();
    }

    @Test
    void without_a_whole_checkpoint_it_begins_anew_and_says_so() throws IOException {
        run(config.with("output_dir", folder.resolve("whole").toString()), new Recorder(), Resume.NO);
        run(config, Recorder.stoppingAfter(3), Resume.NO);
        Files.delete(unfinished().resolve("checkpoint-3/manifest.json"));
        Recorder heard = new Recorder();
        run(config, heard, Resume.LATEST);
        assertThat(heard.notices.get(0)).contains("manifest.json is missing or damaged");
        assertThat(heard.notices.get(1)).startsWith("there is no checkpoint to go on from");
        assertThat(heard.steps.get(0)).isEqualTo(1);
        assertSameWeights();
    }

    @Test
    void one_checkpoint_can_be_named() {
        config = config.with("training.save_strategy", "steps").with("training.save_steps", 2);
        run(config, Recorder.stoppingAfter(5), Resume.NO);
        Resume four = Resume.from(unfinished().resolve("checkpoint-4"));
        Recorder heard = Recorder.stoppingAfter(6);
        run(four.savedConfig().orElseThrow(), heard, four);
        assertThat(heard.steps).containsExactly(5L, 6L);
    }

    @Test
    void changed_settings_and_data_are_refused_with_what_has_changed() throws IOException {
        run(config, Recorder.stoppingAfter(3), Resume.NO);
        RunConfig changed = config.with("training.learning_rate", 0.001).with("training.threads", 1);
        Files.writeString(folder.resolve("train.csv"), "a cat is on the dog,animal\n", StandardOpenOption.APPEND);
        assertThatThrownBy(() -> run(changed, new Recorder(), Resume.LATEST))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("checkpoint-3 is of a run with other settings or data: ")
                .hasMessageContaining("training.learning_rate was 0.003, is 0.001")
                .hasMessageContaining("threads of the engine was 2 x 1, is 1 x 1")
                .hasMessageMatching("(?s).*data of train was 120 rows of a file with SHA-256 [0-9a-f]{12}\\.\\.\\.,"
                        + " is 121 rows .*")
                .hasMessageContaining("--resume-anyway");
        Recorder heard = new Recorder();
        run(changed, heard, new Resume(true, null, true));
        assertThat(heard.notices)
                .contains("changed since the checkpoint: training.learning_rate was 0.003, is 0.001")
                .anyMatch(notice -> notice.startsWith("going on after step 3"));
        assertThat(heard.steps.get(0)).isEqualTo(4);
    }

    @Test
    void a_changed_base_model_is_refused() throws IOException {
        run(config, Recorder.stoppingAfter(3), Resume.NO);
        flipByte(folder.resolve("bert/model.safetensors"));
        assertThatThrownBy(() -> run(config, new Recorder(), Resume.LATEST))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("base model was SHA-256 ");
    }

    @Test
    void settings_that_change_no_weight_may_change() throws IOException {
        run(config.with("output_dir", folder.resolve("whole").toString()), new Recorder(), Resume.NO);
        run(config, Recorder.stoppingAfter(3), Resume.NO);
        Recorder heard = new Recorder();
        run(
                config.with("training.save_strategy", "no")
                        .with("training.max_time", "1h")
                        .with("training.logging_steps", 2),
                heard,
                Resume.LATEST);
        assertThat(heard.steps.get(0)).isEqualTo(4);
        assertThat(heard.checkpoints).isEmpty();
        assertSameWeights();
    }

    @Test
    void an_unfinished_run_is_neither_lost_nor_taken_for_a_new_one() {
        run(config, Recorder.stoppingAfter(3), Resume.NO);
        assertThatThrownBy(() -> run(config, new Recorder(), Resume.NO))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("there is an unfinished run of " + output() + ", saved after step 3 in "
                        + unfinished() + "; go on with --resume, or discard it and start over with --overwrite");
        Recorder heard = new Recorder();
        run(config.with("overwrite_output_dir", true), heard, Resume.NO);
        assertThat(heard.steps.get(0)).isEqualTo(1);
        assertThat(unfinished()).doesNotExist();
    }

    @Test
    void a_model_of_another_run_is_not_replaced_by_going_on() throws IOException {
        run(config, Recorder.stoppingAfter(3), Resume.NO);
        Files.move(output(), folder.resolve("kept"));
        run(config.with("output_dir", folder.resolve("other").toString()), new Recorder(), Resume.NO);
        Files.move(folder.resolve("other"), output());
        assertThatThrownBy(() -> run(config, new Recorder(), Resume.LATEST))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("exists and is not empty");
    }

    @Test
    void saves_each_epoch_and_keeps_the_newest_two() {
        Recorder heard = new Recorder();
        List<String> seen = new ArrayList<>();
        TrainingListener listener = new TrainingListener() {
            @Override
            public void onCheckpoint(Path directory, long step) {
                heard.onCheckpoint(directory, step);
                seen.clear();
                seen.addAll(checkpoints());
            }
        };
        FineTuning.run(config, store(), List.of(), listener, () -> false);
        assertThat(heard.checkpoints).containsExactly(8L, 16L, 24L);
        assertThat(seen).containsExactly("checkpoint-16", "checkpoint-24");
        assertThat(unfinished()).doesNotExist();
    }

    @Test
    void without_a_strategy_to_save_nothing_is_written() {
        TrainingResult result = run(config.with("training.save_strategy", "no"), Recorder.stoppingAfter(3), Resume.NO);
        assertThat(result.unfinished()).isNull();
        assertThat(unfinished()).doesNotExist();
        assertThat(ModelBundle.open(output()).onnxFile()).exists();
    }

    @Test
    void a_time_limit_ends_the_run_and_keeps_the_best() {
        Recorder heard = new Recorder();
        TrainingResult result = run(
                config.with("training.max_time", "1s").with("training.num_train_epochs", 100_000), heard, Resume.NO);
        assertThat(result.unfinished()).isNull();
        assertThat(result.steps()).isPositive().isLessThan(800_000);
        assertThat(heard.notices)
                .last()
                .asString()
                .matches("ending after step \\d+ of 800000: training.max_time 1s is used up");
        assertThat(unfinished()).doesNotExist();
        assertThat(ModelBundle.open(output()).onnxFile()).exists();
    }

    @Test
    void early_stopping_ends_the_run_and_says_so() {
        Recorder heard = new Recorder();
        TrainingResult result = run(
                config.with("training.early_stopping_patience", 2)
                        .with("training.early_stopping_threshold", 1) // nothing gains that much
                        .with("training.num_train_epochs", 50),
                heard,
                Resume.NO);
        assertThat(result.steps()).isEqualTo(24); // the first measurement is a gain over nothing
        assertThat(heard.notices)
                .containsExactly("ending early: no gain in macro_f1 over 2 measurements in a row"
                        + " (training.early_stopping_patience)");
    }

    private String data(String name, long seed) {
        return TinyDirectory.write(folder.resolve(name), TinyDirectory.examples(120, seed))
                .toString();
    }

    private void assertSameWeights() {
        assertThat(output().resolve("model.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("whole/model.safetensors"));
    }

    private List<String> checkpoints() {
        try (Stream<Path> paths = Files.list(unfinished())) {
            return paths.map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith("checkpoint-"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void flipByte(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 2] ^= 1;
        Files.write(file, bytes);
    }

    private TrainingResult run(RunConfig run, Recorder heard, Resume resume) {
        return FineTuning.run(run, store(), List.of("test"), heard, heard::stop, resume);
    }

    private ModelStore store() {
        return new ModelStore(folder.resolve("cache"), Map.of("HF_HUB_OFFLINE", "1"), ProgressListener.NONE);
    }

    private Path output() {
        return folder.resolve("out");
    }

    private Path unfinished() {
        return folder.resolve("out.unfinished");
    }
}
