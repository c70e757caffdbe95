package dev.parlance.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsTest {
    @TempDir
    Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("metrics.jsonl"), text);
    }

    @Test
    void reads_each_name_as_a_curve() throws IOException {
        Metrics metrics = Metrics.read(file("""
                {"step":1,"epoch":0.5,"loss":0.9,"wall_time":1.5}
                {"step":2,"epoch":1.0,"loss":0.7,"wall_time":2.5}
                {"step":2,"epoch":1.0,"eval_loss":0.8,"wall_time":3.5}
                """), 100);
        assertThat(metrics.all()).containsOnlyKeys("loss", "eval_loss");
        assertThat(metrics.series("loss").steps()).containsExactly(1, 2);
        assertThat(metrics.series("loss").values()).containsExactly(0.9, 0.7);
        assertThat(metrics.damagedLines()).isZero();
    }

    @Test
    void a_torn_last_line_is_left_out_even_if_it_looks_complete() throws IOException {
        Metrics torn = Metrics.read(file("{\"step\":1,\"loss\":0.9}\n{\"step\":2,\"lo"), 100);
        assertThat(torn.series("loss").values()).containsExactly(0.9);
        Metrics cut = Metrics.read(file("{\"step\":1,\"loss\":0.9}\n{\"step\":2,\"loss\":0.7}"), 100);
        assertThat(cut.series("loss").values()).containsExactly(0.9);
        assertThat(cut.damagedLines()).isZero();
    }

    @Test
    void damaged_lines_are_counted_and_passed_over() throws IOException {
        Metrics metrics = Metrics.read(
                file("{\"step\":1,\"loss\":0.9}\n\0\0\0\n[1]\n{\"loss\":3}\n{\"step\":2,\"loss\":\"NaN\"}\n"
                        + "x".repeat(3 << 20) + "\n{\"step\":3,\"loss\":0.5}\n"),
                100);
        assertThat(metrics.series("loss").values()).containsExactly(0.9, 0.5);
        assertThat(metrics.damagedLines()).isEqualTo(3);
    }

    @Test
    void what_a_resumed_run_measures_again_takes_the_place_of_the_old() throws IOException {
        Metrics metrics = Metrics.read(file("""
                {"step":1,"loss":0.9}
                {"step":2,"loss":0.8}
                {"step":3,"loss":0.7}
                {"step":2,"loss":0.6}
                {"step":3,"loss":0.5}
                """), 100);
        assertThat(metrics.series("loss").steps()).containsExactly(1, 2, 3);
        assertThat(metrics.series("loss").values()).containsExactly(0.9, 0.6, 0.5);
    }

    @Test
    void long_curves_take_bounded_memory_and_keep_their_form() {
        SeriesBuilder builder = new SeriesBuilder(100);
        for (int step = 1; step <= 100_001; step++) {
            builder.add(step, 2.0 * step);
        }
        Series series = builder.build("loss");
        assertThat(series.size()).isBetween(100, 201);
        assertThat(series.steps()[0]).isEqualTo(1);
        assertThat(series.last()).isEqualTo(200_002);
        double spacing = series.steps()[1] - series.steps()[0];
        for (int i = 0; i < series.size(); i++) {
            assertThat(series.values()[i]).isEqualTo(2 * series.steps()[i]);
            if (i > 0 && i < series.size() - 1) {
                assertThat(series.steps()[i] - series.steps()[i - 1]).isEqualTo(spacing);
            }
        }
    }

    @Test
    void follows_a_file_that_grows() throws IOException {
        Path file = folder.resolve("metrics.jsonl");
        MetricsTail tail = new MetricsTail(file);
        List<ObjectNode> seen = new ArrayList<>();
        tail.poll(seen::add);
        assertThat(seen).isEmpty();
        Files.writeString(file, "{\"step\":1}\n{\"st");
        tail.poll(seen::add);
        assertThat(seen).hasSize(1);
        Files.writeString(file, "ep\":2}\n", StandardOpenOption.APPEND);
        tail.poll(seen::add);
        tail.poll(seen::add);
        assertThat(seen).extracting(line -> line.path("step").asInt()).containsExactly(1, 2);
    }

    @Test
    void a_curve_that_is_not_there_is_named_with_its_nearest() throws IOException {
        Metrics metrics = Metrics.read(file("{\"step\":1,\"loss\":0.9}\n"), 10);
        assertThatThrownBy(() -> metrics.series("los"))
                .isInstanceOf(UserError.class)
                .hasMessage("the run has no curve 'los'; did you mean loss?");
    }
}
