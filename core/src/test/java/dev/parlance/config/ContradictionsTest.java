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
        "save_strategy=best, eval_strategy=no, training.save_strategy is best but training.eval_strategy is no"
    })
    void names_both_settings(String one, String other, String message) {
        assertThatThrownBy(() -> with(one, other).training().refuseContradictions())
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith(message)
                .hasMessageContaining("; set training.");
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
