package dev.parlance.train.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parlance.config.RunConfig;
import dev.parlance.config.TrainingArguments;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Against the values of transformers' get_scheduler and torch.optim (runs/reference/optimizers.py), to 1e-12. */
class ScheduleTest {
    private static final JsonNode FIXTURE = ParityProblem.fixture("schedules.json");

    static List<String> schedules() {
        return names("schedules");
    }

    static List<String> plateaus() {
        return names("plateaus");
    }

    private static List<String> names(String key) {
        List<String> names = new ArrayList<>();
        FIXTURE.get(key).fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static TrainingArguments arguments(String type, String kwargs, double warmupSteps) {
        return RunConfig.defaults()
                .with("training.learning_rate", FIXTURE.get("peak").asDouble())
                .with("training.warmup_ratio", 0)
                .with("training.warmup_steps", warmupSteps)
                .with("training.lr_scheduler_type", type)
                .with("training.lr_scheduler_kwargs", kwargs)
                .training();
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void every_step_has_the_rate_of_transformers(String name) {
        JsonNode expected = FIXTURE.get("schedules").get(name);
        TrainingArguments arguments = arguments(
                expected.get("type").asText(),
                expected.get("kwargs").asText(),
                expected.get("warmup").asDouble());
        int steps = expected.get("steps").asInt();
        Schedule schedule = Schedule.of(arguments, steps);
        for (int step = 0; step < steps; step++) {
            double factor = expected.get("factors").get(step).asDouble();
            assertThat(schedule.factor(step)).as("step %s", step).isCloseTo(factor, within(1e-12));
        }
        assertThat(schedule.state()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("plateaus")
    void a_plateau_lowers_the_rate_as_in_torch_and_a_restored_schedule_goes_on(String name) {
        JsonNode expected = FIXTURE.get("plateaus").get(name);
        TrainingArguments arguments =
                arguments("reduce_lr_on_plateau", expected.get("kwargs").asText(), 0);
        Schedule schedule = Schedule.of(arguments, 100);
        assertThat(schedule.factor(0)).isEqualTo(1);
        for (int i = 0; i < FIXTURE.get("scores").size(); i++) {
            Schedule next = Schedule.of(arguments, 100);
            next.restore(schedule.state());
            schedule = next;
            double score = FIXTURE.get("scores").get(i).asDouble();
            schedule.onEvaluation(score, expected.get("greater_is_better").asBoolean());
            double factor = expected.get("factors").get(i).asDouble();
            assertThat(schedule.factor(i)).as("score %s", i).isCloseTo(factor, within(1e-12));
        }
        assertThat(schedule.factor(0)).isLessThan(1);
        assertThat(schedule.state()).containsKeys("factor", "best", "num_bad_epochs", "cooldown_counter");
    }

    @Test
    void a_new_plateau_has_no_best_score() {
        Schedule schedule = Schedule.of(arguments("reduce_lr_on_plateau", "", 0), 100);
        assertThat(schedule.state()).isEqualTo(Map.of("factor", 1.0, "num_bad_epochs", 0.0, "cooldown_counter", 0.0));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0.1, 100, 10",
        "0, 0.1, 101, 11",
        "0, 0, 100, 0",
        "7, 0.1, 100, 7",
        "7.9, 0, 100, 7",
        "0.25, 0.1, 90, 23"
    })
    void steps_win_over_the_ratio_and_below_one_are_a_share(double steps, double ratio, long of, long expected) {
        TrainingArguments arguments = RunConfig.defaults()
                .with("training.warmup_ratio", ratio)
                .with("training.warmup_steps", steps)
                .training();
        assertThat(arguments.warmupSteps(of)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"linear", "cosine", "cosine_with_restarts", "polynomial", "constant_with_warmup", "inverse_sqrt"})
    void no_warmup_starts_at_the_peak(String type) {
        assertThat(Schedule.of(arguments(type, "", 0), 7).factor(0)).isCloseTo(1, within(1e-9));
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "3", "4", "10"})
    void one_cycle_of_few_steps_stays_in_range(int steps) {
        Schedule schedule = Schedule.of(arguments("one_cycle", "", 0), steps);
        for (int step = 0; step < steps; step++) {
            assertThat(schedule.factor(step)).isBetween(0.0, 1.0);
        }
    }
}
