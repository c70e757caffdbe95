package dev.parlance.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({"90s, 90", "10m, 600", "1h30m, 5400", "2d, 172800", "' 1d1h1m1s ', 90061"})
    void reads_what_people_type(String text, long seconds) {
        assertThat(Durations.parse("training.max_time", text)).hasSeconds(seconds);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "m", "0s", "-5m", "10 m", "30m1h", "1.5h", "ten minutes"})
    void refuses_anything_else_and_shows_what_is_expected(String text) {
        assertThatThrownBy(() -> Durations.parse("training.max_time", text))
                .isInstanceOf(UserError.class)
                .hasMessage("training.max_time is '" + text + "', expected a length of time such as 90s, 10m or 1h30m");
    }
}
