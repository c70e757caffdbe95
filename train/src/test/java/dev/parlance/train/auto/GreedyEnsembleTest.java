package dev.parlance.train.auto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class GreedyEnsembleTest {
    private static final int[] GOLD = {0, 1, 0, 1};

    private static double[][] sureOf(double... rights) {
        double[][] rows = new double[rights.length][2];
        for (int i = 0; i < rights.length; i++) {
            rows[i][GOLD[i]] = rights[i];
            rows[i][1 - GOLD[i]] = 1 - rights[i];
        }
        return rows;
    }

    @Test
    void models_that_err_on_different_examples_answer_together() {
        double[][] first = sureOf(0.99, 0.99, 0.3, 0.9);
        double[][] second = sureOf(0.3, 0.9, 0.99, 0.99);
        double[] weights = new GreedyEnsemble(List.of(first, second), GOLD).weights();
        assertThat(weights).containsExactly(new double[] {0.5, 0.5}, within(1e-9));
        double[][] mean = GreedyEnsemble.average(List.of(first, second), weights);
        assertThat(mean[0]).containsExactly(new double[] {0.645, 0.355}, within(1e-9));
    }

    @Test
    void a_model_that_only_makes_it_worse_gets_no_weight() {
        double[] weights =
                new GreedyEnsemble(List.of(sureOf(0.4, 0.4, 0.4, 0.4), sureOf(0.9, 0.9, 0.8, 0.9)), GOLD).weights();
        assertThat(weights).containsExactly(0, 1);
    }

    @Test
    void a_better_model_has_more_weight_than_a_worse_one_that_helps() {
        double[] weights =
                new GreedyEnsemble(List.of(sureOf(0.99, 0.99, 0.2, 0.99), sureOf(0.6, 0.6, 0.7, 0.6)), GOLD).weights();
        assertThat(Arrays.stream(weights).sum()).isCloseTo(1, within(1e-9));
        assertThat(weights[0]).isGreaterThan(weights[1]);
        assertThat(weights[1]).isPositive();
    }

    @Test
    void a_label_that_is_impossible_to_a_model_does_not_end_in_infinity() {
        double[] weights = new GreedyEnsemble(List.of(sureOf(0, 1, 1, 1), sureOf(0.5, 0.5, 0.5, 0.5)), GOLD).weights();
        assertThat(weights[1]).isPositive();
    }
}
