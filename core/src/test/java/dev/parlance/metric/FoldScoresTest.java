package dev.parlance.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FoldScoresTest {
    /** From the usual printed tables of Student's distribution, which have three decimals. */
    @ParameterizedTest
    @CsvSource({
        "0.95, 1, 12.706",
        "0.95, 2, 4.303",
        "0.95, 4, 2.776",
        "0.95, 9, 2.262",
        "0.95, 30, 2.042",
        "0.95, 1000000, 1.960",
        "0.99, 4, 4.604",
        "0.90, 9, 1.833",
        "0.80, 1, 3.078"
    })
    void t_quantiles_are_those_of_the_tables(double confidence, int degreesOfFreedom, double expected) {
        assertThat(StudentT.twoSided(confidence, degreesOfFreedom)).isCloseTo(expected, within(6e-4));
    }

    @Test
    void the_interval_is_wider_than_that_of_independent_folds() {
        FoldScores scores = FoldScores.of(new double[] {0.8, 0.82, 0.78, 0.81, 0.79}, 0.25);
        assertThat(scores.mean()).isCloseTo(0.8, within(1e-12));
        assertThat(scores.deviation()).isCloseTo(0.015811388, within(1e-9));
        double half = 2.776445 * 0.015811388 * Math.sqrt(0.2 + 0.25); // by hand
        assertThat(scores.high() - scores.mean()).isCloseTo(half, within(1e-7));
        assertThat(scores.mean() - scores.low()).isCloseTo(half, within(1e-7));
    }

    @Test
    void needs_two_folds() {
        assertThatThrownBy(() -> FoldScores.of(new double[] {0.8}, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least two folds");
    }
}
