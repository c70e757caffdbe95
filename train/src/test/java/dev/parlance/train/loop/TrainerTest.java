package dev.parlance.train.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parlance.config.RunConfig;
import dev.parlance.config.TrainingArguments;
import dev.parlance.task.TextClassification;
import dev.parlance.tokenize.Tokenizer;
import dev.parlance.train.encoder.Depths;
import dev.parlance.train.encoder.EncoderConfig;
import dev.parlance.train.head.SequenceClassifier;
import dev.parlance.train.head.TinyModel;
import dev.parlance.train.tensor.Torch;
import dev.parlance.train.weights.Safetensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerTest {
    private static final TextClassification TASK = new TextClassification(TinyDirectory.LABELS);
    private static final int WARM_UP_STEPS = 60;
    private static final long MAX_GROWTH_BYTES = 20 << 20;

    @TempDir
    Path directory;

    @BeforeAll
    static void one_thread() {
        Torch.initialize(1, false);
    }

    /** Native objects and resident bytes, after what Java has let go of is gone. */
    private record Memory(long objects, long bytes) {
        static Memory now() {
            System.gc();
            return new Memory(Torch.nativeObjects(), Torch.residentBytes());
        }
    }

    @Test
    void memory_stays_flat_over_steps_and_evaluations() {
        List<Memory> seen = new ArrayList<>();
        Trainer.Outcome outcome = train(arguments(300, 2, "fp32"), false, true, new TrainingListener() {
            @Override
            public void onStep(Step step) {
                if (step.step() % WARM_UP_STEPS == 0) {
                    seen.add(Memory.now());
                }
            }
        });
        assertThat(outcome.steps()).isEqualTo(300);
        assertThat(seen).hasSize(5);
        Memory first = seen.get(0);
        Memory last = seen.get(4);
        assertThat(last.objects()).isLessThanOrEqualTo(first.objects());
        assertThat(last.bytes() - first.bytes()).isLessThan(MAX_GROWTH_BYTES);
    }

    @Test
    void a_run_frees_what_it_made() {
        train(arguments(3, 2, "fp32"), false, true, TrainingListener.NONE);
        long before = Memory.now().objects();
        for (int i = 0; i < 5; i++) {
            train(arguments(3, 2, "fp32"), false, true, TrainingListener.NONE);
        }
        assertThat(Memory.now().objects()).isLessThanOrEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void bf16_is_emulated_where_the_processor_lacks_it(int workers) {
        List<Double> losses = new ArrayList<>();
        TrainingListener listener = new TrainingListener() {
            @Override
            public void onStep(Step step) {
                losses.add(step.loss());
            }
        };
        train(arguments(2, workers, "fp32"), false, false, listener);
        train(arguments(2, workers, "bf16"), true, false, listener);
        assertThat(losses).hasSize(4).allMatch(Double::isFinite);
        assertThat(losses.get(2)).isNotEqualTo(losses.get(0)).isCloseTo(losses.get(0), within(0.02));
    }

    /** Depths: 0 embeddings, 1 and 2 the blocks, 3 the head. */
    @ParameterizedTest
    @CsvSource({
        "adamw_torch_fused, linear, none, 0, 0",
        "adam, cosine, embeddings, 0, 1",
        "sgd, one_cycle, 1, 0, 2",
        "momentum, polynomial, all, 0, 3",
        "nesterov, cosine_with_restarts, none, 1, 2", // the second epoch thaws the last block
        "adagrad, inverse_sqrt, none, 2, 1",
        "rmsprop, constant, none, 3, 0",
        "adadelta, constant_with_warmup, 2, 0, 3",
        "lion, reduce_lr_on_plateau, none, 0, 0",
        "adafactor, linear, embeddings, 0, 1",
    })
    void every_optimizer_trains_what_is_not_frozen(
            String optim, String scheduler, String freeze, int unfreeze, int firstTrained) {
        TrainingArguments arguments = RunConfig.defaults()
                .with("training.per_device_train_batch_size", 16) // 48 texts: 3 steps an epoch
                .with("training.num_train_epochs", 2)
                .with("training.learning_rate", 1e-2)
                .with("training.threads", 2)
                .with("training.optim", optim)
                .with("training.lr_scheduler_type", scheduler)
                .with("training.freeze_layers", freeze)
                .with("training.unfreeze_layers_per_epoch", unfreeze)
                .training();
        Set<Integer> trained = new TreeSet<>();
        Map<String, float[]> start = new LinkedHashMap<>();
        train(arguments, false, true, model -> {
            model.namedParameters().forEach((name, tensor) -> start.put(name, tensor.toFloats()));
            Depths depths = Depths.of(model.encoder().config());
            return new TrainingListener() {
                @Override
                public void onStep(Step step) {
                    if (step.step() == 6) {
                        model.namedParameters().forEach((name, tensor) -> {
                            if (!Arrays.equals(tensor.toFloats(), start.get(name))) {
                                trained.add(depths.of(name));
                            }
                        });
                    }
                }
            };
        });
        assertThat(trained).containsExactlyElementsOf(List.of(0, 1, 2, 3).subList(firstTrained, 4));
    }

    private static TrainingArguments arguments(int steps, int threads, String precision) {
        return RunConfig.defaults()
                .with("training.per_device_train_batch_size", 16)
                .with("training.num_train_epochs", steps / 3.0) // 48 texts
                .with("training.learning_rate", 1e-3)
                .with("training.logging_steps", 1)
                .with("training.threads", threads)
                .with("training.precision", precision)
                .training();
    }

    private Trainer.Outcome train(
            TrainingArguments arguments, boolean bf16, boolean dropout, TrainingListener listener) {
        return train(arguments, bf16, dropout, model -> listener);
    }

    private Trainer.Outcome train(
            TrainingArguments arguments,
            boolean bf16,
            boolean dropout,
            Function<SequenceClassifier, TrainingListener> listener) {
        TinyModel tiny = TinyModel.of("bert");
        EncoderConfig config = dropout ? tiny.config() : tiny.config().withDropout(0);
        Path bert = directory.resolve("bert-" + System.nanoTime());
        try (Tokenizer tokenizer = Tokenizer.load(TinyDirectory.bert(bert), config.maxTokens());
                Safetensors weights = tiny.weights();
                SequenceClassifier model = SequenceClassifier.load(config, 3, weights, "tiny", false, 1)
                        .model();
                Workers workers = new Workers(arguments.threads());
                DataParallel parallel = new DataParallel(model, workers, arguments, bf16, null)) {
            Features features = Features.of(TinyDirectory.examples(48, 1), TASK, tokenizer);
            Evaluator evaluator = new Evaluator(new TorchModel(model, bf16), features, TASK, 16, workers);
            Trainer.Parts parts = new Trainer.Parts(
                    model,
                    features,
                    evaluator,
                    parallel,
                    workers,
                    Throughput.of(model, config),
                    Checkpointing.none(arguments));
            return new Trainer(parts, arguments, listener.apply(model), () -> false).run();
        }
    }
}
