package dev.parlance.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlance.metric.ClassificationMetrics;
import dev.parlance.metric.Report;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelCardTest {
    @Test
    void begins_with_what_the_hub_reads() {
        assertThat(card(Map.of("test", BundleFixture.report()))).startsWith("""
                        ---
                        language:
                        - "en"
                        - "zh"
                        license: "apache-2.0"
                        base_model: "sentence-transformers/all-MiniLM-L6-v2"
                        pipeline_tag: "text-classification"
                        library_name: "transformers"
                        tags:
                        - "parlance"
                        - "onnx"
                        metrics:
                        - "accuracy"
                        - "f1"
                        ---

                        # reviews

                        Gives a text one of 3 labels.""");
    }

    @Test
    void names_data_by_file_name_without_directories() {
        assertThat(card(Map.of("test", BundleFixture.report())))
                .contains("| train | `reviews.csv` | 4,000 | `cd34` |\n| test | `reviews.csv` | 500 | `cd34` |\n")
                .contains("drawn from it at random, stratified by label, with seed 42.")
                .doesNotContain("somebody");
    }

    @Test
    void tells_scores_with_interval_and_escapes_labels() {
        assertThat(card(Map.of("test", BundleFixture.report())))
                .contains("On the 6 examples of the test data:")
                .contains("| accuracy | 0.6667 |\n| accuracy_ci95_low | 0.3000 |\n| accuracy_ci95_high | 0.9032 |\n")
                .contains("| shipping\\|delay | 0.5000 | 1.0000 | 0.6667 | 2 |\n");
    }

    @Test
    void tells_the_exact_command() {
        assertThat(card(Map.of("test", BundleFixture.report())))
                .contains("```sh\nparlance train --data 'my data/reviews.csv'\n```\n")
                .contains("It took 90 seconds with 2 threads of Some CPU;");
    }

    @Test
    void says_how_to_use_it() {
        assertThat(card(Map.of("test", BundleFixture.report())))
                .contains("parlance predict models/reviews \"a text\"\n")
                .contains("Pipeline.load(Path.of(\"models/reviews\"))");
    }

    @Test
    void admits_what_the_scores_do_not_show() {
        assertThat(card(Map.of("validation", BundleFixture.report())))
                .contains("- **It is not shown to be better than always answering refund, which scores 0.5000.**")
                .contains("- **The scores are of the validation data, by which the best checkpoint was chosen")
                .contains("- The scores of 3 labels rest on fewer than 30 examples each and say little.")
                .contains("- Texts of more than 128 tokens are cut");
    }

    @Test
    void does_not_admit_what_is_not_so() {
        int[] gold = new int[200];
        Arrays.fill(gold, 0, 70, 1);
        Arrays.fill(gold, 70, 130, 2);
        Report perfect = ClassificationMetrics.report(BundleFixture.LABELS, gold, gold.clone());
        assertThat(card(Map.of("test", perfect)))
                .doesNotContain("not shown")
                .doesNotContain("fewer than")
                .doesNotContain("best checkpoint")
                .doesNotContain("most frequent mistake");
    }

    @Test
    void quotes_words_for_the_shell() {
        assertThat(List.of(Shell.quote("a-b/c.csv"), Shell.quote("it's"), Shell.quote("")))
                .containsExactly("a-b/c.csv", "'it'\\''s'", "''");
    }

    private static String card(Map<String, Report> reports) {
        BundleContents contents = BundleFixture.contents(Path.of("base"), "bert", reports);
        return new ModelCard(Path.of("models/reviews"), 128, contents).render();
    }
}
