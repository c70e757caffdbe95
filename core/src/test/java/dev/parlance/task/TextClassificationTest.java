package dev.parlance.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.parlance.config.UserError;
import dev.parlance.data.Annotation;
import dev.parlance.data.Example;
import dev.parlance.data.Labels;
import dev.parlance.data.Labels.ScoredLabel;
import dev.parlance.metric.Report;
import dev.parlance.tokenize.Encoding;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TextClassificationTest {
    private static final TextClassification TASK = new TextClassification(List.of("no", "yes", "maybe"));
    private static final Encoding ENCODING =
            new Encoding(new int[1], new int[1], new int[1], new int[1], new int[1], new int[1], 0);

    @Test
    void decodes_all_labels_most_probable_first() {
        Labels labels = TASK.decode(new float[] {0, 1, 2}, ENCODING);
        // exp(2) / (1 + e + exp(2)), by hand
        assertThat(labels.best().label()).isEqualTo("maybe");
        assertThat(labels.best().score()).isCloseTo(0.6652409557748219, within(1e-15));
        assertThat(labels.all()).extracting(ScoredLabel::label).containsExactly("maybe", "yes", "no");
    }

    @Test
    void keeps_the_order_of_labels_at_a_tie() {
        Labels labels = TASK.decode(new float[] {1, 1, 1}, ENCODING);
        assertThat(labels.all()).extracting(ScoredLabel::label).containsExactly("no", "yes", "maybe");
    }

    @Test
    void huge_logits_do_not_overflow() {
        Labels labels = TASK.decode(new float[] {3e38f, -3e38f, 3e38f}, ENCODING);
        assertThat(labels.all()).extracting(ScoredLabel::score).containsExactly(0.5, 0.5, 0.0);
    }

    @Test
    void refuses_logits_of_a_diverged_model() {
        assertThatThrownBy(() -> TASK.decode(new float[] {0, Float.NaN, 1}, ENCODING))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("the model puts out NaN")
                .hasMessageContaining("learning_rate");
    }

    @Test
    void refuses_logits_of_another_number_of_labels() {
        assertThatThrownBy(() -> TASK.decode(new float[2], ENCODING))
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith(
                        "the model puts out 2 numbers for a text, expected one for each of the 3 labels");
    }

    @Test
    void target_is_the_index_of_the_label() {
        assertThat(TASK.target(Example.of("fine", "yes"))).isEqualTo(1);
    }

    @Test
    void refuses_an_example_without_label_and_does_not_quote_its_text() {
        assertThatThrownBy(() -> TASK.target(Example.of("a secret")))
                .isInstanceOf(UserError.class)
                .hasMessage("an example has no label, expected one of no, yes, maybe");
    }

    @Test
    void refuses_a_label_that_the_model_does_not_know() {
        assertThatThrownBy(() -> TASK.target(Example.of("fine", "Yes")))
                .isInstanceOf(UserError.class)
                .hasMessage("the data has the label 'Yes', the model knows no, yes, maybe; did the data mean 'yes'?");
        assertThatThrownBy(() -> TASK.evaluate(List.of(Labels.gold("complaint")), List.of(Labels.gold("yes"))))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("'complaint'")
                .hasMessageContaining("leave out those rows");
    }

    @Test
    void names_only_the_first_labels_of_many() {
        List<String> many = IntStream.range(0, 150).mapToObj(i -> "intent" + i).toList();
        assertThatThrownBy(() -> new TextClassification(many).target(Example.of("x", "?????????")))
                .hasMessageContaining("intent19 and 130 more");
    }

    @Test
    void refuses_a_single_label() {
        assertThatThrownBy(() -> new TextClassification(List.of("yes")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("at least two");
    }

    @Test
    void refuses_a_label_twice() {
        assertThatThrownBy(() -> new TextClassification(List.of("yes", "yes")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("'yes' is there twice");
    }

    @Test
    void evaluation_of_whole_distributions_has_the_metrics_of_probabilities() {
        List<Annotation> gold = List.of(Labels.gold("no"), Labels.gold("yes"));
        List<Annotation> predicted =
                List.of(TASK.decode(new float[] {3, 0, 0}, ENCODING), TASK.decode(new float[] {3, 0, 0}, ENCODING));
        Report report = TASK.evaluate(gold, predicted);
        assertThat(report.metric("accuracy")).isEqualTo(0.5);
        // -(ln p(no) + ln p(yes)) / 2 = ln(e^3 + 2) - 1.5
        assertThat(report.metric("log_loss")).isCloseTo(Math.log(Math.exp(3) + 2) - 1.5, within(1e-12));
    }

    @Test
    void evaluation_of_best_labels_alone_has_no_metrics_of_probabilities() {
        Report report = TASK.evaluate(List.of(Labels.gold("no")), List.of(Labels.gold("no")));
        assertThat(report.metric("accuracy")).isEqualTo(1);
        assertThat(report.metrics()).doesNotContainKey("log_loss");
    }
}
