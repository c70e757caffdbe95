package dev.parlance.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrossValidationTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    private String output = "";
    private Path folds = Path.of("");

    @BeforeEach
    void prepare() throws IOException {
        Files.writeString(directory.resolve("reviews.csv"), TinyBase.rows(120, ','));
        TinyBase.write(directory.resolve("tiny"));
        output = directory.resolve("model").toString();
        folds = directory.resolve("model.cv");
    }

    private Run train(String... more) {
        List<String> words = new ArrayList<>(
                List.of("train", "--model", directory.resolve("tiny").toString()));
        words.addAll(List.of("--data", directory.resolve("reviews.csv").toString(), "--output", output));
        words.addAll(List.of("--num-train-epochs", "8", "--learning-rate", "0.01"));
        words.addAll(List.of("--per-device-train-batch-size", "8"));
        words.addAll(List.of(more));
        return Run.of(words.toArray(String[]::new));
    }

    @Test
    void predicts_every_row_once_and_trains_a_model_on_all() throws IOException {
        Run run = train("--cv", "3");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("Scores over 3 folds", "MEAN    DEVIATION  95 % INTERVAL", "corrected resampled t")
                .contains("All out-of-fold predictions together", "on 120 examples");
        assertThat(run.err())
                .contains("Fold 1 of 3", "Fold 3 of 3", "The model on all rows", " to validate, 0 to test");
        List<JsonNode> rows = new ArrayList<>();
        for (String line : Files.readAllLines(folds.resolve("out-of-fold.jsonl"))) {
            rows.add(JSON.readTree(line));
        }
        assertThat(rows.stream().map(row -> row.path("line").asLong()))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(2, 121).boxed().toList());
        assertThat(rows).allSatisfy(row -> {
            assertThat(row.at("/probabilities/positive").asDouble()
                            + row.at("/probabilities/negative").asDouble())
                    .isCloseTo(1, within(1e-5));
            assertThat(row.path("fold").asInt()).isBetween(1, 3);
        });
        List<String> csv = Files.readAllLines(folds.resolve("out-of-fold.csv"));
        assertThat(csv).hasSize(121);
        assertThat(csv.get(0)).isEqualTo("line,fold,text,label,predicted,probability_negative,probability_positive");
        JsonNode summary = JSON.readTree(folds.resolve("cross-validation.json").toFile());
        double mean = summary.at("/scores/macro_f1/mean").asDouble();
        double low = summary.at("/scores/macro_f1/low").asDouble();
        assertThat(mean).isGreaterThan(0.7).isGreaterThanOrEqualTo(low);
        assertThat(summary.path("folds"))
                .hasSize(3)
                .allMatch(fold -> Math.abs(fold.path("test_rows").asInt() - 40) <= 2);
        assertThat(Path.of(output, "model.onnx")).isNotEmptyFile();
        assertThat(folds.resolve("fold-1/model")).doesNotExist();
        assertThat(folds.resolve("fold-1/train.jsonl")).doesNotExist();
    }

    @Test
    void goes_on_with_the_folds_that_are_not_finished() throws IOException {
        assertThat(train("--cv", "2", "--cv-final-model=false", "--cv-keep-models")
                        .code())
                .isZero();
        assertThat(Path.of(output)).doesNotExist();
        assertThat(folds.resolve("fold-2/model/model.onnx")).isNotEmptyFile();
        byte[] before = Files.readAllBytes(folds.resolve("out-of-fold.csv"));
        Files.delete(folds.resolve("fold-2/fold.json")); // as a kill in the second fold leaves it
        Run again = train("--cv", "2", "--cv-final-model=false", "--cv-keep-models");
        assertThat(again.code()).as(again.err()).isZero();
        assertThat(again.err())
                .contains("fold 1 (finished before)", "Fold 2 of 2")
                .doesNotContain("Fold 1 of 2");
        assertThat(folds.resolve("out-of-fold.csv")).hasBinaryContent(before);

        Run other = train("--cv", "2", "--cv-final-model=false", "--seed", "7");
        assertThat(other.code()).isEqualTo(2);
        assertThat(other.err())
                .contains("holds another cross-validation (settings.training.seed was 42 and is 7)", "--overwrite");
        assertThat(train("--cv", "2", "--cv-final-model=false", "--seed", "7", "--overwrite")
                        .code())
                .isZero();
    }

    @Test
    void keeps_groups_together() throws IOException {
        List<String> rows = new ArrayList<>(List.of("sentence,label,author"));
        for (int i = 0; i < 120; i++) {
            boolean good = i % 2 == 0;
            rows.add((good ? "good" : "bad") + " fine".repeat(1 + i / 2) + "," + (good ? "yes" : "no") + ",a" + i % 15);
        }
        Files.write(directory.resolve("reviews.csv"), rows);
        Run run = train("--cv", "3", "--cv-group-column", "author", "--cv-final-model=false");
        assertThat(run.code()).as(run.err()).isZero();
        int[] foldOfAuthor = new int[15];
        for (String line : Files.readAllLines(folds.resolve("out-of-fold.jsonl"))) {
            JsonNode row = JSON.readTree(line);
            int author = (row.path("line").asInt() - 2) % 15;
            assertThat(foldOfAuthor[author]).isIn(0, row.path("fold").asInt());
            foldOfAuthor[author] = row.path("fold").asInt();
        }
    }

    @Test
    void says_what_does_not_go_together() {
        Run lonely = train("--cv-group-column", "label");
        assertThat(lonely.code()).isEqualTo(2);
        assertThat(lonely.err()).contains("without --cv");
        Run validation = train("--cv", "3", "--validation", "dev.csv");
        assertThat(validation.code()).isEqualTo(2);
        assertThat(validation.err()).contains("data.validation is dev.csv, but cross-validation takes its validation");
        Run one = train("--cv", "1");
        assertThat(one.code()).isEqualTo(2);
        assertThat(one.err()).contains("the number of folds is 1, expected a whole number from 2 to 100");
        Run column = train("--cv", "3", "--cv-group-column", "autor");
        assertThat(column.code()).isEqualTo(2);
        assertThat(column.err()).contains("found no column 'autor'");
        assertThat(folds).doesNotExist();
    }
}
