package dev.parlance.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContradictionsTest {
    private static RunConfig with(String... assignments) {
        RunConfig config = RunConfig.defaults();
        for (String assignment : assignments) {
            config = ConfigFiles.withAssignment(config, "training." + assignment);
        }
        return config;
    }

    @ParameterizedTest
    @CsvSource({
        "eval_steps=50, max_steps=9, training.eval_steps is 50 but training.eval_strategy is epoch",
        "save_steps=50, save_strategy=no, training.save_steps is 50 but training.save_strategy is no",
        "early_stopping_patience=2, eval_strategy=no, training.early_stopping_patience is 2 but training.eval_strategy",
        "early_stopping_threshold=0.1, max_steps=9, training.early_stopping_threshold is 0.1 but training.early_stopping",
        "save_strategy=best, eval_strategy=no, training.save_strategy is best but training.eval_strategy is no",
        "loss=focal, label_smoothing_factor=0.1, training.loss is focal but training.label_smoothing_factor is 0.1",
        "focal_gamma=1, seed=1, training.focal_gamma is 1 but training.loss is cross_entropy",
        "mixout=0.9, freeze_layers=all, training.mixout is 0.9 but training.freeze_layers is all",
        "swa_steps=5, seed=1, training.swa_steps is 5 but training.swa_start is 0",
        "profile_skip_steps=3, seed=1, training.profile_skip_steps is 3 but training.profile_steps is 0",
        "profile_max_events=5000, seed=1, training.profile_max_events is 5000 but training.profile_steps is 0",
        "profile_steps=10, max_steps=5, training.max_steps is 5 but training.profile_skip_steps is 5"
    })
    void names_both_settings(String one, String other, String message) {
        assertThatThrownBy(() -> with(one, other).training().refuseContradictions())
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith(message)
                .hasMessageContaining("; set training.");
    }

    @ParameterizedTest
    @CsvSource({
        "training.ema_decay=0.9, training.swa_start=0.5, training.ema_decay is 0.9 and training.swa_start is 0.5",
        "training.max_tokens_per_batch=512, training.per_device_train_batch_size=8,"
                + " training.max_tokens_per_batch is 512 but training.per_device_train_batch_size is 8",
        "training.max_tokens_per_batch=512, training.per_device_train_batch_size=auto,"
                + " training.max_tokens_per_batch is 512 but training.per_device_train_batch_size is auto",
        "training.max_tokens_per_batch=512, training.group_by_length=false,"
                + " training.max_tokens_per_batch is 512 but training.group_by_length is false",
        "training.max_tokens_per_batch=512, model.max_length=600,"
                + " training.max_tokens_per_batch is 512 but model.max_length is 600",
        "training.r_drop_alpha=1, model.dropout=0, training.r_drop_alpha is 1 but model.dropout is 0",
        "training.profile_steps=10, model.model_name_or_path=linear,"
                + " training.profile_steps is 10 but model.model_name_or_path is linear"
    })
    void names_both_settings_of_any_group(String one, String other, String message) {
        RunConfig config = ConfigFiles.withAssignment(ConfigFiles.withAssignment(RunConfig.defaults(), one), other);
        assertThatThrownBy(() -> Contradictions.refuse(config))
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void where_many_models_are_trained_none_is_profiled() {
        assertThatThrownBy(() -> Contradictions.refuseProfile(with("profile_steps=3"), "cross-validation"))
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith("training.profile_steps is 3, but cross-validation trains many models");
        assertThatCode(() -> Contradictions.refuseProfile(RunConfig.defaults(), "a search"))
                .doesNotThrowAnyException();
    }

    @Test
    void two_passes_differ_by_mixout_too() {
        RunConfig config = with("r_drop_alpha=1", "mixout=0.5").with("model.dropout", 0);
        assertThatCode(() -> Contradictions.refuse(config)).doesNotThrowAnyException();
    }

    @Test
    void accepts_the_defaults_and_what_fits_in_any_order() {
        assertThatCode(() -> RunConfig.defaults().training().refuseContradictions())
                .doesNotThrowAnyException();
        assertThatCode(() -> with("eval_steps=50", "eval_strategy=steps", "save_strategy=best")
                        .training()
                        .refuseContradictions())
                .doesNotThrowAnyException();
    }

    @Test
    void a_time_limit_is_read_and_checked() {
        assertThat(RunConfig.defaults().training().timeLimit()).isNull();
        assertThat(with("max_time=10m").training().timeLimit()).isEqualTo(Duration.ofMinutes(10));
        assertThatThrownBy(() -> with("max_time=10"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("training.max_time is '10', expected a length of time");
    }
}
