package dev.parlance.train.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.parlance.config.RunConfig;
import dev.parlance.config.UserError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class SamplersTest {
    private static final Objective OBJECTIVE = new Objective("accuracy");
    private static final SearchSpace SPACE = space(
            "training.learning_rate=1e-6..1e-1:log",
            "training.weight_decay=0..1",
            "training.num_train_epochs=1..20:int",
            "training.lr_scheduler_type=linear,constant");

    @Test
    void a_grid_is_every_combination_once() {
        SearchSpace space =
                space("training.seed=1,2", "training.num_train_epochs=3..5:int", "training.warmup_ratio=0..1:2");
        GridSampler grid = new GridSampler(space);
        List<Map<String, String>> all = new ArrayList<>();
        for (int number = 1; grid.suggest(number, List.of()).isPresent(); number++) {
            all.add(grid.suggest(number, List.of()).get());
        }
        assertThat(all).hasSize(12).doesNotHaveDuplicates();
        assertThat(grid.size()).isEqualTo(12);
        assertThat(all.get(0))
                .isEqualTo(
                        Map.of("training.seed", "1", "training.num_train_epochs", "3", "training.warmup_ratio", "0.0"));
        assertThat(all.get(1).get("training.warmup_ratio")).isEqualTo("1.0");
    }

    @Test
    void a_grid_needs_points_and_an_end() {
        assertThatThrownBy(() -> new GridSampler(space("training.learning_rate=1e-5..1e-3:log")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("a grid needs to know at how many points to try training.learning_rate")
                .hasMessageContaining(":log:5");
        assertThatThrownBy(() -> new GridSampler(space(
                        "training.seed=1..1000",
                        "training.num_train_epochs=1..100:int",
                        "training.warmup_ratio=0..1:9")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("expected at most 100000");
    }

    @Test
    void random_values_are_even_in_their_scale_and_never_repeated() {
        RandomSampler sampler = new RandomSampler(SPACE, 1);
        List<Trial> trials = run(sampler, 400, values -> 0);
        assertThat(new HashSet<>(trials.stream().map(Trial::values).toList())).hasSize(400);
        double[] logs = trials.stream()
                .mapToDouble(trial -> Math.log10(number(trial.values(), "training.learning_rate")))
                .toArray();
        assertThat(Arrays.stream(logs).average().orElseThrow()).isCloseTo(-3.5, within(0.2));
        assertThat(Arrays.stream(logs).filter(log -> log < -5).count()).isBetween(50L, 110L);
    }

    @Test
    void what_is_drawn_for_a_trial_depends_on_its_number_and_the_seed_alone() {
        List<Trial> before = run(new RandomSampler(SPACE, 3), 5, values -> 0);
        RandomSampler again = new RandomSampler(SPACE, 3);
        assertThat(again.suggest(5, before.subList(0, 4)).orElseThrow())
                .isEqualTo(before.get(4).values());
        assertThat(new RandomSampler(SPACE, 4).suggest(5, before.subList(0, 4)))
                .isNotEqualTo(again.suggest(5, before.subList(0, 4)));
    }

    @Test
    void a_finite_space_is_used_up() {
        SearchSpace space = space("training.seed=1,2,3", "training.lr_scheduler_type=linear,constant");
        for (Sampler sampler : List.of(new RandomSampler(space, 1), new TpeSampler(space, OBJECTIVE, 2, 1))) {
            List<Trial> trials = run(sampler, 6, values -> number(values, "training.seed"));
            assertThat(new HashSet<>(trials.stream().map(Trial::values).toList()))
                    .hasSize(6);
            assertThat(sampler.suggest(7, trials)).isEmpty();
        }
    }

    @Test
    void tpe_comes_closer_than_random_by_a_margin() {
        double tpe = 0;
        double random = 0;
        int closer = 0;
        for (int seed = 1; seed <= 20; seed++) {
            double ofTpe = best(run(new TpeSampler(SPACE, OBJECTIVE, 10, seed), 60, SamplersTest::bowl));
            double ofRandom = best(run(new RandomSampler(SPACE, seed), 60, SamplersTest::bowl));
            tpe -= ofTpe;
            random -= ofRandom;
            closer += ofTpe > ofRandom ? 1 : 0;
        }
        assertThat(tpe).isLessThan(0.6 * random); // the distance to the optimum, which is 0
        assertThat(closer).isGreaterThanOrEqualTo(15);
    }

    @Test
    void tpe_minimizes_where_less_is_better() {
        Objective loss = new Objective("log_loss");
        SearchSpace space = space("training.weight_decay=0..1");
        List<Trial> trials =
                run(new TpeSampler(space, loss, 5, 1), 40, values -> number(values, "training.weight_decay"));
        assertThat(trials.subList(20, 40).stream()
                        .mapToDouble(trial -> number(trial.values(), "training.weight_decay"))
                        .average()
                        .orElseThrow())
                .isLessThan(0.25);
        assertThat(loss.best(trials).orElseThrow().score()).isLessThan(0.05);
    }

    @Test
    void tpe_does_not_try_near_what_failed_or_runs() {
        SearchSpace space = space("training.weight_decay=0..1");
        List<Trial> trials = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            double place = i / 40.0; // the lower half is done, the better the lower
            trials.add(new Trial(
                    i,
                    Map.of("training.weight_decay", Double.toString(place)),
                    Trial.Status.COMPLETE,
                    1 - place,
                    List.of(),
                    1,
                    null));
        }
        TpeSampler sampler = new TpeSampler(space, OBJECTIVE, 5, 9);
        double alone = number(sampler.suggest(40, trials).orElseThrow(), "training.weight_decay");
        List<Trial> crowded = new ArrayList<>(trials);
        for (int i = 21; i < 40; i++) {
            crowded.add(Trial.started(i, Map.of("training.weight_decay", Double.toString(alone + 1e-4 * (i - 30)))));
        }
        double beside = number(sampler.suggest(40, crowded).orElseThrow(), "training.weight_decay");
        assertThat(Math.abs(beside - alone)).isGreaterThan(0.01);
    }

    @Test
    void the_normal_distribution_function_is_that_of_the_tables() {
        assertThat(ParzenDensity.below(0)).isCloseTo(0.5, within(1e-7));
        assertThat(ParzenDensity.below(1.959964)).isCloseTo(0.975, within(1e-6));
        assertThat(ParzenDensity.below(-1)).isCloseTo(0.1586553, within(1e-6));
    }

    /** A bowl with its top, 0, at a learning rate of 1e-3, a decay of 0.3 and 7 epochs; constant is worse. */
    private static double bowl(Map<String, String> values) {
        double rate = Math.log10(number(values, "training.learning_rate")) + 3;
        double decay = number(values, "training.weight_decay") - 0.3;
        double epochs = (number(values, "training.num_train_epochs") - 7) / 20;
        double constant = "constant".equals(values.get("training.lr_scheduler_type")) ? 0.2 : 0;
        return -(rate * rate / 10 + decay * decay + epochs * epochs + constant);
    }

    private static double best(List<Trial> trials) {
        return OBJECTIVE.goodness(OBJECTIVE.best(trials).orElseThrow());
    }

    private static List<Trial> run(Sampler sampler, int count, ToDoubleFunction<Map<String, String>> score) {
        List<Trial> trials = new ArrayList<>();
        for (int number = 1; number <= count; number++) {
            Map<String, String> values = sampler.suggest(number, trials).orElseThrow();
            trials.add(
                    new Trial(number, values, Trial.Status.COMPLETE, score.applyAsDouble(values), List.of(), 1, null));
        }
        return trials;
    }

    private static double number(Map<String, String> values, String name) {
        return Double.parseDouble(values.getOrDefault(name, "NaN"));
    }

    private static SearchSpace space(String... assignments) {
        return SearchSpace.parse(RunConfig.defaults(), List.of(assignments));
    }
}
