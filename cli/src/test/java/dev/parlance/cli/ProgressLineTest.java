package dev.parlance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private long nanos;

    @Test
    void prints_a_plain_line_every_ten_seconds_when_nobody_watches() {
        ProgressLine progress = progress(0);
        for (int second = 1; second <= 25; second++) {
            nanos = TimeUnit.SECONDS.toNanos(second);
            progress.update(second / 100.0, "row " + second);
        }
        assertThat(text()).isEqualTo(" 10% row 10" + System.lineSeparator() + " 20% row 20" + System.lineSeparator());
    }

    @Test
    void redraws_one_line_no_longer_than_the_terminal() {
        ProgressLine progress = progress(40);
        progress.update(0.5, "x".repeat(100));
        assertThat(text()).startsWith("\r[##########..........]  50% xxx").endsWith("\u001b[K");
        assertThat(text().replace("\r", "").replace("\u001b[K", "")).hasSize(39);
    }

    @Test
    void redraws_at_most_ten_times_a_second() {
        ProgressLine progress = progress(80);
        for (int milli = 0; milli < 1000; milli++) {
            nanos = TimeUnit.MILLISECONDS.toNanos(milli);
            progress.update(milli / 1000.0, "");
        }
        assertThat(text().split("\r", -1)).hasSize(11);
    }

    @Test
    void takes_the_bar_away_before_a_line_that_stays() {
        ProgressLine progress = progress(80);
        progress.update(0.1, "busy");
        progress.line("epoch 1");
        assertThat(text()).endsWith("\r\u001b[Kepoch 1" + System.lineSeparator());
    }

    @Test
    void says_times_and_sizes_briefly() {
        assertThat(ProgressLine.time(64.2)).isEqualTo("1:05");
        assertThat(ProgressLine.time(7389)).isEqualTo("2:03:09");
        assertThat(ProgressLine.time(Double.NaN)).isEqualTo("?");
        assertThat(ProgressLine.bytes(999)).isEqualTo("999 B");
        assertThat(ProgressLine.bytes(90_261_504)).isEqualTo("90.3 MB");
    }

    private ProgressLine progress(int width) {
        return new ProgressLine(Run.console("", new ByteArrayOutputStream(), err, width), () -> nanos);
    }

    private String text() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
