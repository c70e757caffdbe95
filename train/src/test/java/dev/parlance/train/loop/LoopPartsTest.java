package dev.parlance.train.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlance.config.Json;
import dev.parlance.config.RunConfig;
import dev.parlance.config.TrainingArguments;
import dev.parlance.config.UserError;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The small parts that the loop is made of, without a model. */
class LoopPartsTest {
    private static TrainingArguments with(String setting, @Nullable Object value) {
        return RunConfig.defaults().with("training." + setting, value).training();
    }

    @Test
    void early_stopping_counts_measurements_that_do_not_beat_the_best_by_the_threshold() {
        TrainingArguments arguments = RunConfig.defaults()
                .with("training.early_stopping_patience", 2)
                .with("training.early_stopping_threshold", 0.1)
                .training();
        EarlyStopping stopping = new EarlyStopping(arguments);
        stopping.observe(0.5, null);
        stopping.observe(0.55, 0.5); // better, but not by more than 0.1
        assertThat(stopping.withoutGain()).isEqualTo(1);
        assertThat(stopping.exhausted()).isFalse();
        stopping.observe(0.7, 0.55);
        assertThat(stopping.withoutGain()).isZero();
        stopping.observe(0.7, 0.7);
        stopping.observe(0.2, 0.7);
        assertThat(stopping.exhausted()).isTrue();
    }

    @Test
    void early_stopping_is_off_by_default() {
        EarlyStopping stopping = new EarlyStopping(TrainingArguments.defaults());
        for (int i = 0; i < 100; i++) {
            stopping.observe(0, 1.0);
        }
        assertThat(stopping.exhausted()).isFalse();
    }

    @Test
    void skips_steps_that_are_not_finite_until_there_are_too_many_in_a_row() {
        SkippedSteps skipped = new SkippedSteps(with("max_skipped_steps", 2));
        assertThat(skipped.skip(1, Double.NaN, 1)).isTrue();
        assertThat(skipped.skip(2, 1, Double.POSITIVE_INFINITY)).isTrue();
        assertThat(skipped.skip(3, 1, 1)).isFalse();
        assertThat(skipped.state()).isEqualTo(new SkippedSteps.State(0, 2));
        assertThat(skipped.skip(4, Double.NaN, 1)).isTrue();
        assertThat(skipped.skip(5, Double.NaN, 1)).isTrue();
        assertThatThrownBy(() -> skipped.skip(6, Double.NaN, 1))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("at step 6, after 2 in a row that were skipped for that; lower");
    }

    @Test
    void the_shown_loss_is_a_mean_over_the_logging_steps() {
        LossWindow losses = new LossWindow(with("logging_steps", 2));
        assertThat(losses.shown()).isNaN();
        assertThat(losses.add(8, false, false)).isTrue(); // the first, so that there is one to show
        assertThat(losses.add(1, false, false)).isFalse();
        assertThat(losses.shown()).isEqualTo(8);
        assertThat(losses.add(2, false, false)).isTrue();
        assertThat(losses.shown()).isEqualTo(1.5);
        assertThat(losses.add(4, false, true)).isTrue();
        assertThat(losses.shown()).isEqualTo(4);
    }

    @Test
    void the_shown_loss_is_that_of_an_epoch_or_of_the_ends_alone() {
        LossWindow epochs = new LossWindow(with("logging_strategy", "epoch"));
        epochs.add(8, false, false);
        for (int i = 0; i < 50; i++) {
            assertThat(epochs.add(2, false, false)).isFalse();
        }
        assertThat(epochs.add(2, true, false)).isTrue();
        assertThat(epochs.shown()).isEqualTo(2);
        LossWindow never = new LossWindow(with("logging_strategy", "no"));
        never.add(8, false, false);
        assertThat(never.add(1, true, false)).isFalse();
        assertThat(never.add(1, true, true)).isTrue();
    }

    @Test
    void the_time_of_the_processes_before_counts_too() {
        TimeLimit limit = new TimeLimit(with("max_time", "10m"));
        assertThat(limit.isOver()).isFalse();
        limit.restore(600);
        assertThat(limit.isOver()).isTrue();
        assertThat(new TimeLimit(TrainingArguments.defaults()).isOver()).isFalse();
    }

    @Test
    void an_epoch_ends_with_its_last_batch() {
        Position position = Position.START.after(3, 5);
        assertThat(position).isEqualTo(new Position(1, 0, 3));
        assertThat(position.atEpochEnd()).isFalse();
        assertThat(position.after(2, 5)).isEqualTo(new Position(2, 1, 0));
        assertThat(position.after(2, 5).atEpochEnd()).isTrue();
        assertThat(Position.START.atEpochEnd()).isFalse();
    }

    @Test
    void the_state_is_read_as_it_was_written_to_the_last_bit() {
        TrainerState state = new TrainerState(
                new Position(7, 1, 3),
                4,
                new LossWindow.State(0.1 + 0.2, 3, 1 / 3.0),
                new SkippedSteps.State(1, 1),
                2,
                Map.of("factor", 0.1, "num_bad_epochs", 2.0),
                new TrainerState.Best(4, Math.nextUp(0.7), Json.object().put("examples", 3)),
                5,
                new Throughput.Totals(56, 999, 1.7e300, 2.5),
                12.000000000000002);
        assertThat(TrainerState.fromJson(state.toJson())).isEqualTo(state);
        TrainerState young = new TrainerState(
                new Position(1, 0, 1),
                0,
                new LossWindow.State(0, 0, null),
                new SkippedSteps.State(1, 1),
                0,
                Map.of(),
                null,
                0,
                new Throughput.Totals(8, 9, 1, 1),
                1);
        assertThat(TrainerState.fromJson(young.toJson())).isEqualTo(young);
    }
}
