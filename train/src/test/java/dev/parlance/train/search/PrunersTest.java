package dev.parlance.train.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PrunersTest {
    @Test
    void asha_has_rungs_at_powers_of_eta_below_the_end() {
        assertThat(new Asha(1, 9, 3).rungs()).containsExactly(1.0, 3.0);
        assertThat(new Asha(1, 10, 3).rungs()).containsExactly(1.0, 3.0, 9.0);
        assertThat(new Asha(2, 2, 3).rungs()).isEmpty();
    }

    @Test
    void asha_lets_the_best_third_go_on() {
        Asha asha = new Asha(1, 9, 3);
        assertThat(asha.goesOn(1, 1, 0.5)).isTrue(); // too few to tell
        assertThat(asha.goesOn(2, 1, 0.4)).isTrue();
        assertThat(asha.goesOn(3, 1, 0.6)).isTrue(); // the best of three
        assertThat(asha.goesOn(4, 1, 0.55)).isFalse();
        assertThat(asha.goesOn(5, 1, 0.3)).isFalse();
        assertThat(asha.goesOn(6, 1, 0.59)).isTrue(); // the second of six
        assertThat(asha.goesOn(3, 2, 0.1)).isTrue(); // between rungs nobody is given up
        assertThat(asha.goesOn(3, 3, 0.1)).isTrue(); // the first at the next rung
    }

    @Test
    void asha_takes_the_rungs_that_a_measurement_jumped_over() {
        Asha asha = new Asha(1, 9, 2);
        asha.goesOn(1, 4, 0.9);
        assertThat(asha.goesOn(2, 1, 0.5)).isFalse();
        assertThat(asha.goesOn(3, 4, 0.95)).isTrue();
    }

    @Test
    void of_many_trials_asha_trains_few_to_the_end_and_the_best_among_them() {
        Asha asha = new Asha(1, 9, 3);
        Map<Integer, Integer> epochs = new HashMap<>();
        for (int trial = 1; trial <= 81; trial++) {
            double goodness = (trial * 37 % 81) / 81.0; // each value once, in no order
            int epoch = 1;
            while (epoch < 9 && asha.goesOn(trial, epoch, goodness)) {
                epoch++;
            }
            epochs.put(trial, epoch);
        }
        int best = IntStream.rangeClosed(1, 81)
                .filter(trial -> trial * 37 % 81 == 80)
                .findFirst()
                .orElseThrow();
        assertThat(epochs.get(best)).isEqualTo(9);
        assertThat(epochs.values().stream().filter(epoch -> epoch == 9).count()).isBetween(3L, 20L);
        assertThat(epochs.values().stream().mapToInt(Integer::intValue).sum()).isLessThan(81 * 9 / 2);
    }

    @Test
    void hyperband_shares_trials_between_early_and_late_brackets() {
        Hyperband hyperband = new Hyperband(1, 9, 3);
        int[] counts = new int[3];
        IntStream.rangeClosed(1, 170).forEach(trial -> counts[hyperband.bracket(trial)]++);
        assertThat(counts).containsExactly(90, 50, 30); // as 9, 5 and 3, which Hyperband gives at R = 9 and eta = 3
        assertThat(new Hyperband(1, 9, 3).bracket(7)).isEqualTo(hyperband.bracket(7));
    }

    @Test
    void the_last_bracket_of_hyperband_gives_nothing_up() {
        Hyperband hyperband = new Hyperband(1, 9, 3);
        List<Integer> late = IntStream.rangeClosed(1, 60)
                .filter(trial -> hyperband.bracket(trial) == 2)
                .boxed()
                .toList();
        assertThat(late).hasSizeGreaterThan(5);
        double goodness = 1;
        for (int trial : late) {
            goodness -= 0.01; // each worse than those before
            for (int epoch = 1; epoch <= 9; epoch++) {
                assertThat(hyperband.goesOn(trial, epoch, goodness)).isTrue();
            }
        }
    }
}
