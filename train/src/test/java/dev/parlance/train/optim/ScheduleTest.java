package dev.parlance.train.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ScheduleTest {
    @Test
    void linear_rises_over_the_warmup_and_falls_to_zero() {
        Schedule schedule = Schedule.of("linear", 100, 10);
        assertThat(schedule.factor(0)).isZero();
        assertThat(schedule.factor(5)).isCloseTo(0.5, within(1e-12));
        assertThat(schedule.factor(10)).isCloseTo(1, within(1e-12));
        assertThat(schedule.factor(55)).isCloseTo(0.5, within(1e-12));
        assertThat(schedule.factor(100)).isZero();
    }

    @Test
    void constant_stays_after_the_warmup() {
        Schedule schedule = Schedule.of("constant", 100, 4);
        assertThat(schedule.factor(2)).isCloseTo(0.5, within(1e-12));
        assertThat(schedule.factor(99)).isCloseTo(1, within(1e-12));
    }

    @Test
    void no_warmup_starts_at_the_peak() {
        assertThat(Schedule.of("linear", 7, 0).factor(0)).isCloseTo(1, within(1e-12));
    }
}
