package dev.parlance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlance.track.Series;
import java.util.List;
import org.junit.jupiter.api.Test;

class CurveChartTest {
    @Test
    void draws_from_corner_to_corner() {
        Series rising = new Series("loss", new double[] {0, 100}, new double[] {0, 1});
        assertThat(new CurveChart(rising, 13 + 4, 2).lines())
                .containsExactly(
                        "loss: 1.0000 at step 100, least 0.0000, greatest 1.0000",
                        "     1.0000 ┤  ⡠⠊", // a straight line over 8 by 8 dots
                        "     0.0000 ┤⡠⠊",
                        "             0 100");
    }

    @Test
    void a_level_curve_is_a_line_in_the_middle() {
        Series level = new Series("lr", new double[] {1, 9}, new double[] {0.5, 0.5});
        List<String> lines = new CurveChart(level, 13 + 3, 2).lines();
        assertThat(lines.get(1)).isEqualTo("     0.5000 ┤");
        assertThat(lines.get(2)).isEqualTo("     0.5000 ┤⠉⠉⠉");
    }

    @Test
    void what_is_no_number_leaves_a_gap() {
        double[] steps = {0, 1, 2, 3, 4, 5, 6, 7};
        double[] values = {0, 0, 0, Double.NaN, Double.NaN, 0, 0, Double.POSITIVE_INFINITY};
        String row = new CurveChart(new Series("x", steps, values), 13 + 4, 1)
                .lines()
                .get(1);
        assertThat(row).endsWith("┤⠤⠄⠠⠄");
    }

    @Test
    void an_empty_curve_and_a_single_point_can_be_drawn() {
        assertThat(new CurveChart(new Series("x", new double[0], new double[0]), 40, 3).lines())
                .hasSize(5);
        assertThat(new CurveChart(new Series("x", new double[] {3}, new double[] {1e-9}), 40, 3)
                        .lines()
                        .get(0))
                .isEqualTo("x: 1.00e-09 at step 3, least 1.00e-09, greatest 1.00e-09");
    }
}
