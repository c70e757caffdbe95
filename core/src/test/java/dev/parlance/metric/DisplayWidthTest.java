package dev.parlance.metric;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DisplayWidthTest {
    @Test
    void counts_wide_characters_twice_and_marks_not_at_all() {
        assertThat(DisplayWidth.of("ab")).isEqualTo(2);
        assertThat(DisplayWidth.of("中文，")).isEqualTo(6);
        assertThat(DisplayWidth.of("한글")).isEqualTo(4);
        assertThat(DisplayWidth.of("e\u0301")).isEqualTo(1);
        assertThat(DisplayWidth.of("\uD83D\uDE00")).isEqualTo(2); // grinning face
    }

    @Test
    void never_cuts_a_surrogate_pair() {
        assertThat(DisplayWidth.fit("\uD83D\uDE00\uD83D\uDE00\uD83D\uDE00", 4)).isEqualTo("\uD83D\uDE00…");
    }

    @Test
    void leaves_what_fits() {
        assertThat(DisplayWidth.fit("中文", 4)).isEqualTo("中文");
    }
}
