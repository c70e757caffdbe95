package dev.parlance.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reference: scikit-learn 1.9 and SciPy, see runs/reference/classification_metrics.py; versions are in the fixture. */
class ClassificationMetricsTest {
    private static final Offset<Double> TOLERANCE = within(1e-12);

    static Stream<JsonNode> cases() throws IOException {
        try (InputStream file = Objects.requireNonNull(
                ClassificationMetricsTest.class.getResourceAsStream("classification_metrics.json"))) {
            JsonNode cases = new ObjectMapper().readTree(file).get("cases");
            return StreamSupport.stream(cases.spliterator(), false);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void equals_scikit_learn(JsonNode expected) {
        Report report = report(expected);
        assertThat(report.metrics()).containsOnlyKeys(fieldNames(expected.get("metrics")));
        report.metrics().forEach((name, value) -> assertThat(value)
                .as(expected.get("name").textValue() + " " + name)
                .isCloseTo(expected.get("metrics").get(name).doubleValue(), TOLERANCE));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void label_scores_equal_scikit_learn(JsonNode expected) {
        Report report = report(expected);
        for (int i = 0; i < report.labels().size(); i++) {
            Report.LabelScore score = report.labels().get(i);
            assertThat(score.precision())
                    .isCloseTo(expected.get("precision").get(i).doubleValue(), TOLERANCE);
            assertThat(score.recall()).isCloseTo(expected.get("recall").get(i).doubleValue(), TOLERANCE);
            assertThat(score.f1()).isCloseTo(expected.get("f1").get(i).doubleValue(), TOLERANCE);
            assertThat(score.support()).isEqualTo(expected.get("support").get(i).intValue());
            assertThat(report.confusion()[i])
                    .isEqualTo(ints(expected.get("confusion").get(i)));
        }
    }

    @Test
    void earlier_label_wins_a_tie() {
        double[][] tie = {{0.5, 0.5}};
        Report report = ClassificationMetrics.report(List.of("a", "b"), new int[] {1}, tie);
        assertThat(report.confusion()[1]).containsExactly(1, 0);
    }

    @Test
    void refuses_lists_of_different_length() {
        assertThatThrownBy(() -> ClassificationMetrics.report(List.of("a", "b"), new int[] {1, 0}, new int[] {1}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 gold and 1 predicted");
    }

    @Test
    void refuses_to_score_nothing() {
        assertThatThrownBy(() -> ClassificationMetrics.report(List.of("a", "b"), new int[0], new int[0]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Report report(JsonNode expected) {
        List<String> labels = new ArrayList<>();
        expected.get("labels").forEach(label -> labels.add(label.textValue()));
        int[] gold = ints(expected.get("gold"));
        JsonNode probabilities = expected.get("probabilities");
        if (probabilities.isNull()) {
            return ClassificationMetrics.report(labels, gold, ints(expected.get("predicted")));
        }
        double[][] rows = StreamSupport.stream(probabilities.spliterator(), false)
                .map(row -> StreamSupport.stream(row.spliterator(), false)
                        .mapToDouble(JsonNode::doubleValue)
                        .toArray())
                .toArray(double[][]::new);
        return ClassificationMetrics.report(labels, gold, rows);
    }

    private static int[] ints(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToInt(JsonNode::intValue)
                .toArray();
    }

    private static String[] fieldNames(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names.toArray(String[]::new);
    }
}
