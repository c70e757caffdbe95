package dev.parlance.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlance.config.DataConfig;
import dev.parlance.config.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FoldsTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 10})
    void spreads_every_label_evenly_and_puts_each_row_into_one_fold(int count) throws IOException {
        Folds folds = Folds.byText(distinct(203), count, 7);
        Set<Integer> seen = new HashSet<>();
        for (int fold = 0; fold < count; fold++) {
            Arrays.stream(folds.heldOut(fold))
                    .forEach(row -> assertThat(seen.add(row)).isTrue());
        }
        assertThat(seen).hasSize(203);
        for (String label : folds.data().labels()) {
            int[] rows = rowsByFold(folds, label);
            assertThat(Arrays.stream(rows).max().orElseThrow()
                            - Arrays.stream(rows).min().orElseThrow())
                    .isLessThanOrEqualTo(1);
        }
        assertThat(folds.findings()).isEmpty();
    }

    @Test
    void is_the_same_for_a_seed_and_another_for_another() throws IOException {
        Dataset data = distinct(100);
        assertThat(Folds.byText(data, 5, 1).fold())
                .isEqualTo(Folds.byText(data, 5, 1).fold());
        assertThat(Folds.byText(data, 5, 1).fold())
                .isNotEqualTo(Folds.byText(data, 5, 2).fold());
    }

    @Test
    void keeps_equal_texts_together() throws IOException {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            rows.add("Text number " + i % 20 + (i < 20 ? "" : i < 40 ? "!" : " ...") + "," + (i % 2 == 0 ? "a" : "b"));
        }
        Folds folds = Folds.byText(read("text,label", rows), 4, 3);
        for (int row = 0; row < 60; row++) {
            assertThat(folds.fold()[row]).isEqualTo(folds.fold()[row % 20]);
        }
    }

    @Test
    void never_puts_a_group_into_two_folds_and_stays_stratified() throws IOException {
        Random random = new Random(5);
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            int author = random.nextInt(60);
            rows.add("words of row " + i + "," + (random.nextInt(100) < 25 ? "rare" : "common") + ",author " + author);
        }
        Dataset data = read("text,label,author", rows);
        Folds folds = Folds.byColumn(data, DataConfig.defaults(), "author", 5, 11);
        Map<String, Integer> foldOfAuthor = new HashMap<>();
        for (int row = 0; row < data.size(); row++) {
            String author = rows.get(row).split(",", -1)[2];
            assertThat(foldOfAuthor.computeIfAbsent(author, k -> -1)).isIn(-1, folds.fold()[row]);
            foldOfAuthor.put(author, folds.fold()[row]);
        }
        for (int fold = 0; fold < 5; fold++) {
            assertThat(folds.heldOut(fold).length).isBetween(70, 90);
            assertThat(rowsByFold(folds, "rare")[fold]).isBetween(14, 26);
        }
        Splits round = folds.round(0, 0.1);
        Set<String> train = authors(round.train(), rows);
        assertThat(train).doesNotContainAnyElementsOf(authors(round.validation(), rows));
    }

    @Test
    void groups_rows_without_a_value_by_their_text_and_says_so() throws IOException {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            rows.add("row " + i + "," + (i % 2 == 0 ? "a" : "b") + "," + (i < 10 ? "" : "g" + i % 5));
        }
        Folds folds = Folds.byColumn(read("text,label,g", rows), DataConfig.defaults(), "g", 3, 1);
        assertThat(folds.findings())
                .anyMatch(finding -> finding.kind().equals("rows_without_group") && finding.count() == 10);
        assertThat(Arrays.stream(folds.fold()).limit(10).distinct().count()).isGreaterThan(1);
    }

    @Test
    void keeps_every_label_in_the_training_part_of_a_round() throws IOException {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            rows.add("row " + i + "," + (i < 45 ? "common" : "rare" + i));
        }
        Folds folds = Folds.byText(read("text,label", rows), 5, 1);
        assertThat(folds.findings()).anyMatch(finding -> finding.kind().equals("labels_rarer_than_folds"));
        for (int fold = 0; fold < 5; fold++) {
            Splits round = folds.round(fold, 0.1);
            Dataset test = Objects.requireNonNull(round.test());
            Set<String> known = new HashSet<>(round.train().labels());
            known.addAll(test.labels());
            assertThat(known).containsAll(folds.data().labels());
            assertThat(round.train().size() + round.validation().size() + test.size())
                    .isEqualTo(50);
            assertThat(round.validation().size()).isBetween(2, 6);
        }
    }

    @Test
    void refuses_more_folds_than_groups() throws IOException {
        Dataset data = read("text,label,g", List.of("a one,x,1", "b two,y,1", "c three,x,2", "d four,y,2"));
        assertThatThrownBy(() -> Folds.byText(data, 5, 1))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("has 4 different texts, too few for 5 folds; take at most 4 folds");
        assertThatThrownBy(() -> Folds.byColumn(data, DataConfig.defaults(), "g", 3, 1))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("has 2 different values in 'g', too few for 3 folds");
        assertThatThrownBy(() -> Folds.byColumn(data, DataConfig.defaults(), "gg", 2, 1))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("found no column 'gg'")
                .hasMessageContaining("did you mean 'g'?");
        assertThatThrownBy(() -> Folds.byColumn(data, DataConfig.defaults(), "label", 2, 1))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("which is the label");
    }

    private static int[] rowsByFold(Folds folds, String label) {
        int[] rows = new int[folds.count()];
        for (int row = 0; row < folds.data().size(); row++) {
            rows[folds.fold()[row]] +=
                    folds.data().examples().get(row).goldLabel().equals(label) ? 1 : 0;
        }
        return rows;
    }

    private static Set<String> authors(Dataset part, List<String> rows) {
        Set<String> authors = new HashSet<>();
        for (long line : part.lines()) {
            authors.add(rows.get((int) line - 2).split(",", -1)[2]);
        }
        return authors;
    }

    private Dataset distinct(int size) throws IOException {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            rows.add("text number " + i + "," + (i % 10 == 0 ? "rare" : i % 3 == 0 ? "some" : "common"));
        }
        return read("text,label", rows);
    }

    private Dataset read(String header, List<String> rows) throws IOException {
        Path file = Files.writeString(directory.resolve("rows.csv"), header + "\n" + String.join("\n", rows) + "\n");
        return Dataset.read(DataConfig.defaults(), file);
    }
}
