package dev.parlance.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.Json;
import dev.parlance.config.UserError;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final Report REPORT = ClassificationMetrics.report(
            List.of("退款 refund", "shipping", "other"),
            new int[] {0, 0, 0, 0, 1, 1, 1, 2},
            new int[] {0, 0, 1, 1, 1, 1, 0, 1});

    @Test
    void table_is_aligned_where_labels_are_wide() {
        List<String> lines = REPORT.toTable(80).lines().toList();
        assertThat(lines)
                .containsSequence(
                        "label            precision    recall        f1  support",
                        "退款 refund         0.6667    0.5000    0.5714        4",
                        "shipping            0.4000    0.6667    0.5000        3",
                        "other               0.0000    0.0000    0.0000        1")
                .containsSequence(
                        "                1  2  3",
                        "1 退款 refund   2  2  .",
                        "2 shipping      1  2  .",
                        "3 other         .  1  .");
    }

    @Test
    void table_tells_the_interval_and_the_baseline() {
        assertThat(REPORT.toTable(80)).startsWith("""
                        accuracy 0.5000 on 8 examples
                                 95 % interval 0.2152 to 0.7848
                                 always answering '退款 refund': 0.5000
                        """);
    }

    @Test
    void table_shows_pairs_instead_of_a_large_matrix() {
        Report large = large();
        String table = large.toTable(400);
        assertThat(table).doesNotContain("confusion matrix").contains("       3  label 0 taken for label 1\n");
    }

    @Test
    void no_line_of_the_table_is_wider_than_the_terminal() {
        Report report = ClassificationMetrics.report(
                List.of("很".repeat(100), "b".repeat(300)), new int[] {0, 1, 1}, new int[] {0, 1, 0});
        assertThat(report.toTable(70).lines())
                .allSatisfy(line -> assertThat(DisplayWidth.of(line)).isLessThanOrEqualTo(70));
        assertThat(report.toTable(70)).contains("很…").contains("b…");
    }

    @Test
    void table_lets_no_label_drive_the_terminal() {
        Report report =
                ClassificationMetrics.report(List.of("\u001b[31mred", "x\ny"), new int[] {0, 1}, new int[] {0, 1});
        assertThat(report.toTable(80))
                .doesNotContain("\u001b")
                .contains("?[31mred")
                .contains("x?y");
    }

    @Test
    void html_escapes_labels_and_loads_nothing() {
        Report report = ClassificationMetrics.report(
                List.of("<script>alert('x')</script>", "a & b"), new int[] {0, 1}, new int[] {1, 1});
        assertThat(report.toHtml())
                .doesNotContain("<script")
                .contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;")
                .contains("a &amp; b")
                .doesNotContain("http");
    }

    @Test
    void json_is_read_back_as_it_was() {
        Report read = Report.fromJson(REPORT.toJson());
        assertThat(read).usingRecursiveComparison().isEqualTo(REPORT);
        assertThat(read.metrics().keySet())
                .containsExactlyElementsOf(REPORT.metrics().keySet());
    }

    @Test
    void json_has_snake_case_keys() {
        assertThat(Json.pretty(REPORT.toJson()))
                .contains("\"confusion_matrix\": [ [ 2, 2, 0 ], [ 1, 2, 0 ], [ 0, 1, 0 ] ]")
                .contains("\"most_confused\": [ {\n    \"gold\": \"退款 refund\",\n    \"predicted\": \"shipping\"");
    }

    @Test
    void refuses_json_without_a_metric_map() {
        ObjectNode json = REPORT.toJson();
        json.remove("metrics");
        assertThatThrownBy(() -> Report.fromJson(json))
                .isInstanceOf(UserError.class)
                .hasMessage("the report has no metrics, expected an object there; evaluate the model again");
    }

    @Test
    void finds_metrics_as_the_trainer_of_hugging_face_names_them() {
        assertThat(REPORT.metric("eval_accuracy")).isEqualTo(0.5);
        assertThat(Report.greaterIsBetter("eval_log_loss")).isFalse();
        assertThat(Report.greaterIsBetter("macro_f1")).isTrue();
    }

    @Test
    void names_the_metrics_when_one_is_unknown() {
        assertThatThrownBy(() -> REPORT.metric("macro_f2"))
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith("there is no metric 'macro_f2', expected one of accuracy, ")
                .hasMessageEndingWith("; did you mean macro_f1?");
    }

    @Test
    void refuses_numbers_that_json_cannot_hold() {
        assertThatThrownBy(() -> new Report(1, Map.of("loss", Double.NaN), List.of(), new int[0][]))
                .hasMessage("loss is NaN, expected a finite number");
    }

    @Test
    void most_confused_pairs_come_first() {
        assertThat(REPORT.mostConfused(2))
                .containsExactly(
                        new Report.ConfusedPair("退款 refund", "shipping", 2),
                        new Report.ConfusedPair("shipping", "退款 refund", 1));
    }

    private static Report large() {
        List<String> labels = IntStream.range(0, 30).mapToObj(i -> "label " + i).toList();
        int[] gold = IntStream.range(0, 90).map(i -> i % 30).toArray();
        int[] predicted = IntStream.range(0, 90).map(i -> Math.max(1, i % 30)).toArray();
        return ClassificationMetrics.report(labels, gold, predicted);
    }
}
