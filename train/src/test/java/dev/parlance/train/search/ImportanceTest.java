package dev.parlance.train.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parlance.config.RunConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class ImportanceTest {
    private static final Objective OBJECTIVE = new Objective("accuracy");
    private static final SearchSpace SPACE = SearchSpace.parse(
            RunConfig.defaults(),
            List.of(
                    "training.learning_rate=1e-5..1e-1:log",
                    "training.weight_decay=0..1",
                    "training.lr_scheduler_type=linear,constant"));

    @Test
    void finds_the_one_setting_that_matters() {
        List<Importance> found = of(60, values -> Math.log10(number(values, "training.learning_rate")));
        assertThat(found.get(0).name()).isEqualTo("training.learning_rate");
        assertThat(found.get(0).share()).isGreaterThan(0.9);
        assertThat(found.subList(1, 3)).allMatch(importance -> importance.share() < 0.05);
    }

    /** Var(2x) / (Var(2x) + Var(y)) = 0.8 for even x and y in [0, 1]. */
    @Test
    void shares_the_variance_as_it_was_made() {
        List<Importance> found = of(
                300,
                values -> 2 * (Math.log10(number(values, "training.learning_rate")) + 5) / 4
                        + number(values, "training.weight_decay"));
        assertThat(found.get(0).name()).isEqualTo("training.learning_rate");
        assertThat(found.get(0).share()).isCloseTo(0.8, within(0.06));
        assertThat(found.get(1).share()).isCloseTo(0.2, within(0.06));
        assertThat(found.get(2).share()).isLessThan(0.02);
    }

    @Test
    void sees_a_listed_setting() {
        List<Importance> found = of(40, values -> "linear".equals(values.get("training.lr_scheduler_type")) ? 1 : 0);
        assertThat(found.get(0).name()).isEqualTo("training.lr_scheduler_type");
        assertThat(found.get(0).share()).isGreaterThan(0.95);
    }

    @Test
    void what_only_two_settings_together_explain_is_in_neither_share() {
        List<Importance> found = of(
                400,
                values -> (number(values, "training.weight_decay") < 0.5)
                                == "linear".equals(values.get("training.lr_scheduler_type"))
                        ? 1
                        : 0);
        assertThat(found).allMatch(importance -> importance.share() < 0.15);
    }

    @Test
    void says_nothing_of_few_trials_or_equal_scores() {
        assertThat(of(7, values -> number(values, "training.weight_decay"))).isEmpty();
        assertThat(of(30, values -> 0.5)).isEmpty();
    }

    private static List<Importance> of(int count, ToDoubleFunction<Map<String, String>> score) {
        RandomSampler sampler = new RandomSampler(SPACE, 5);
        List<Trial> trials = new ArrayList<>();
        for (int number = 1; number <= count; number++) {
            Map<String, String> values = sampler.suggest(number, trials).orElseThrow();
            trials.add(
                    new Trial(number, values, Trial.Status.COMPLETE, score.applyAsDouble(values), List.of(), 1, null));
        }
        return Importance.of(SPACE, OBJECTIVE, trials, 1);
    }

    private static double number(Map<String, String> values, String name) {
        return Double.parseDouble(values.getOrDefault(name, "NaN"));
    }
}
