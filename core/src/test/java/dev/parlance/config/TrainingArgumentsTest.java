package dev.parlance.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingArgumentsTest {
    @TempDir
    Path folder;

    private TrainingArguments read(String training) throws IOException {
        Path file = folder.resolve("run.yaml");
        Files.writeString(file, "training: {" + training + "}\n");
        return ConfigFiles.read(file).training();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "optim: adamw_toch  | training.optim is 'adamw_toch'; did you mean adamw_torch?",
                "optim: galore      | training.optim is 'galore', expected one of adamw_torch_fused, adamw_torch, adamw, adam, sgd",
                "optim: sgd, optim_args: nesterov=true | training.optim_args has nesterov=true but momentum is 0, expected a momentum such as momentum=0.9",
                "optim: nesterov, optim_args: momentum=0 | training.optim is nesterov but momentum is 0",
                "optim: nesterov, optim_args: dampening=0.1 | training.optim_args has dampening=0.1 with Nesterov's momentum",
                "optim: sgd, optim_args: momentun=0.9 | training.optim_args has momentun, which training.optim sgd does not take; did you mean momentum?",
                "optim_args: momentum=0.9 | training.optim_args has momentum, which training.optim adamw_torch_fused does not take; it takes none",
                "optim: rmsprop, optim_args: rho=0.9 | which training.optim rmsprop does not take, expected one of alpha, eps, momentum, centered",
                "optim: sgd, optim_args: momentum=1.5 | training.optim_args: momentum is 1.5, expected a number from 0 to 0.999999",
                "optim: sgd, optim_args: momentum=high | training.optim_args: momentum is 'high', expected a number",
                "optim: rmsprop, optim_args: centered=maybe | training.optim_args: centered is 'maybe', expected true or false",
                "optim: sgd, optim_args: momentum | 'momentum' in 'momentum' is no named value, expected name=value",
                "optim: sgd, optim_args: 'momentum=0.9,momentum=0.8' | momentum is given twice",
                "optim: sgd, optim_args: {momentum: [1]} | momentum is [1], expected a number",
                "optim: adafactor, optim_args: warmup_init=true | has warmup_init=true but not relative_step=true",
                "optim: adafactor, learning_rate: 0.01, optim_args: relative_step=true | training.learning_rate is 0.01 but training.optim_args has relative_step=true",
                "lr_scheduler_type: cosin | training.lr_scheduler_type is 'cosin'; did you mean cosine?",
                "lr_scheduler_type: exponential | training.lr_scheduler_type is 'exponential', expected one of linear, cosine",
                "lr_scheduler_kwargs: num_cycles=3 | training.lr_scheduler_kwargs has num_cycles, which training.lr_scheduler_type linear does not take; it takes none",
                "lr_scheduler_type: cosine, lr_scheduler_kwargs: num_cycle=3 | did you mean num_cycles?",
                "lr_scheduler_type: polynomial, learning_rate: 0.001, lr_scheduler_kwargs: lr_end=0.01 | lr_end is 0.01 but training.learning_rate is 0.001",
                "lr_scheduler_type: cosine_with_min_lr | has neither min_lr nor min_lr_rate",
                "lr_scheduler_type: cosine_with_min_lr, lr_scheduler_kwargs: 'min_lr=0.1,min_lr_rate=0.1' | has both min_lr and min_lr_rate",
                "lr_scheduler_type: reduce_lr_on_plateau, lr_scheduler_kwargs: factor=1 | factor is 1, expected a number from 0 to 0.999999",
                "lr_scheduler_type: one_cycle, lr_scheduler_kwargs: anneal_strategy=step | anneal_strategy is 'step', expected one of cos, linear",
                "lr_scheduler_type: constant, warmup_steps: 10 | training.warmup_steps is 10 but training.lr_scheduler_type is constant, which has no warmup; take constant_with_warmup",
                "lr_scheduler_type: one_cycle, warmup_steps: 10 | which has no warmup but pct_start in training.lr_scheduler_kwargs",
                "warmup_steps: 100, warmup_ratio: 0.3 | training.warmup_steps is 100 and training.warmup_ratio is 0.3; set one of them",
                "freeze_layers: some | training.freeze_layers is 'some', expected none, embeddings, all or a number of blocks",
                "freeze_layers: all, unfreeze_layers_per_epoch: 1 | training.freeze_layers is all but training.unfreeze_layers_per_epoch is 1",
                "learning_rate: 0, head_learning_rate: 0.1 | training.learning_rate is 0 but training.head_learning_rate is 0.1",
                "layerwise_lr_decay: 1.5 | training.layerwise_lr_decay is 1.5, expected a number from 0.01 to 1",
            })
    void says_what_is_wrong(String training, String message) {
        assertThatThrownBy(() -> read(training).refuseContradictions())
                .isInstanceOf(UserError.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "optim: sgd, adam_beta1: 0.8",
                "optim: sgd, optim_args: 'momentum=0.9,nesterov=true'",
                "warmup_steps: 100, warmup_ratio: 0",
                "warmup_steps: 0.2",
                "optim: adafactor, optim_args: 'relative_step=true,warmup_init=true,scale_parameter=true'",
                "lr_scheduler_type: reduce_lr_on_plateau, lr_scheduler_kwargs: 'factor=0.5,patience=1,min_lr=1e-6'",
                "freeze_layers: 4, unfreeze_layers_per_epoch: 1",
                "optim_args: null, lr_scheduler_kwargs: ''",
            })
    void takes_what_fits_together(String training) throws IOException {
        TrainingArguments arguments = read(training);
        arguments.refuseContradictions();
        RunConfig config = RunConfig.defaults()
                .with("training", ConfigFiles.toTree(wrap(arguments)).get("training"));
        assertThat(config.training()).isEqualTo(arguments);
    }

    private static RunConfig wrap(TrainingArguments arguments) {
        RunConfig defaults = RunConfig.defaults();
        return new RunConfig(
                defaults.task(),
                defaults.data(),
                defaults.model(),
                arguments,
                defaults.linear(),
                defaults.tracking(),
                defaults.outputDir(),
                defaults.overwriteOutputDir());
    }

    @Test
    void named_values_may_be_a_group_or_a_text() throws IOException {
        TrainingArguments group = read("optim: sgd, optim_args: {momentum: 0.9, nesterov: true}");
        TrainingArguments text = read("optim: sgd, optim_args: 'momentum=0.9, nesterov=true'");
        RunConfig assigned = ConfigFiles.withAssignment(
                RunConfig.defaults().with("training.optim", "sgd"), "training.optim_args=momentum=0.9,nesterov=true");
        assertThat(group).isEqualTo(text).isEqualTo(assigned.training());
        assertThat(text.optimArgs().number("momentum", 0)).isEqualTo(0.9);
        assertThat(text.optimArgs().flag("nesterov", false)).isTrue();
        assertThat(ConfigFiles.toTree(wrap(text)).at("/training/optim_args").asText())
                .isEqualTo("momentum=0.9,nesterov=true");
    }

    @Test
    void settings_that_belong_together_can_be_given_in_any_order() {
        RunConfig config = RunConfig.defaults()
                .with("training.optim_args", "momentum=0.9")
                .with("training.optim", "sgd")
                .with("training.lr_scheduler_type", "cosine_with_min_lr")
                .with("training.lr_scheduler_kwargs", "min_lr_rate=0.1");
        config.training().refuseContradictions();
        assertThat(config.training().optimArgs().number("momentum", 0)).isEqualTo(0.9);
    }

    @Test
    void aliases_name_the_same_optimizer() {
        assertThat(OptimizerKind.of("adamw")).isEqualTo(OptimizerKind.of("adamw_torch_fused"));
        assertThat(OptimizerKind.of("lion_32bit")).isEqualTo(OptimizerKind.LION);
    }
}
