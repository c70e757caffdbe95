package dev.parlance.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlance.SharedData;
import dev.parlance.config.RunConfig;
import dev.parlance.config.UserError;
import dev.parlance.text.TextKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SplitsTest {
    @TempDir
    Path folder;

    @Test
    void splits_every_label_by_the_fractions() throws IOException {
        Splits splits = Splits.read(config(rows(200, "a") + rows(100, "b")).data());
        assertThat(splits.train().labelCounts()).containsEntry("a", 160).containsEntry("b", 80);
        assertThat(splits.validation().labelCounts()).containsEntry("a", 20).containsEntry("b", 10);
        assertThat(test(splits).labelCounts()).containsEntry("a", 20).containsEntry("b", 10);
    }

    @Test
    void puts_every_row_in_one_part() throws IOException {
        Splits splits = Splits.read(config(rows(57, "a") + rows(31, "b")).data());
        List<Long> lines = splits.parts().stream()
                .flatMap(part -> java.util.Arrays.stream(part.lines()).boxed())
                .sorted()
                .toList();
        assertThat(lines)
                .isEqualTo(IntStream.rangeClosed(2, 89).mapToObj(i -> (long) i).toList());
    }

    @Test
    void is_the_same_for_the_same_seed_on_every_machine() throws IOException {
        RunConfig config = config(rows(20, "a") + rows(20, "b"));
        assertThat(test(Splits.read(config.data())).lines()).containsExactly(SEED_42);
        assertThat(test(Splits.read(config.with("data.split_seed", 7).data())).lines())
                .isNotEqualTo(SEED_42);
    }

    /** Recorded when the split was written; a change here changes every user's split. */
    private static final long[] SEED_42 = {11, 12, 24, 31};

    @Test
    void has_every_label_in_every_part_where_there_are_three_texts() throws IOException {
        Splits splits = Splits.read(config(rows(40, "a") + rows(3, "b") + rows(2, "c") + rows(1, "d"))
                .data());
        assertThat(splits.train().labels()).containsExactly("a", "b", "c", "d");
        assertThat(splits.validation().labels()).containsExactly("a", "b");
        assertThat(test(splits).labels()).containsExactly("a", "b", "c");
        assertThat(splits.findings()).extracting(Finding::kind).containsExactly("single_text_labels");
        assertThat(splits.labels()).containsExactly("a", "b", "c", "d");
    }

    @Test
    void keeps_repeated_texts_in_one_part() throws IOException {
        String row = IntStream.range(0, 40)
                .mapToObj(i -> "text " + i + ",a\nText  " + i + "!,a\nother " + i + ",b\n")
                .collect(Collectors.joining());
        Splits splits = Splits.read(config(row).data());
        assertThat(DataAudit.of(splits, String::length, 128).leaks()).isEmpty();
        Set<String> train = new HashSet<>();
        splits.train().examples().forEach(e -> train.add(TextKey.normalized(e.text())));
        assertThat(test(splits).examples()).noneMatch(e -> train.contains(TextKey.normalized(e.text())));
    }

    @Test
    void reads_other_files_by_the_columns_of_the_training_file() throws IOException {
        Path dev = Files.writeString(folder.resolve("dev.csv"), "sentiment,label,text\n1,b,x one\n2,a,y two\n");
        Splits splits = Splits.read(config(rows(20, "a") + rows(20, "b"))
                .with("data.validation", dev.toString())
                .data());
        assertThat(splits.validation().examples())
                .extracting(Example::goldLabel)
                .containsExactly("b", "a");
        assertThat(splits.train().size()).isEqualTo(40);
        assertThat(splits.test()).isNull(); // who brings files of their own is not given more parts
    }

    @Test
    void warns_of_labels_that_training_never_sees() throws IOException {
        Path dev = Files.writeString(folder.resolve("dev.csv"), "text,label\nx,a\ny,new\nz,new\n");
        Splits splits = Splits.read(config(rows(20, "a") + rows(20, "b"))
                .with("data.validation", dev.toString())
                .with("data.test_fraction", 0)
                .data());
        assertThat(splits.test()).isNull();
        assertThat(splits.labels()).containsExactly("a", "b", "new");
        assertThat(splits.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo("unseen_labels");
            assertThat(finding.count()).isEqualTo(2);
        });
    }

    @Test
    void refuses_what_cannot_be_trained_on() throws IOException {
        refuses(RunConfig.defaults(), "data.train is not set");
        refuses(config(rows(20, "a")), "found the one label 'a'");
        refuses(config("one,a\ntwo,b\n"), "too few to split off");
        refuses(config(rows(9, "a")).with("data.validation_fraction", 0), "data.validation_fraction is 0");
        RunConfig twice = config(rows(9, "a") + rows(9, "b"));
        refuses(twice.with("data.test", twice.data().train()), "data.test and data.train are the same file");
        Path dev = Files.writeString(folder.resolve("dev.csv"), "sentence,label\nx,a\n");
        refuses(
                config(rows(9, "a") + rows(9, "b")).with("data.validation", dev.toString()),
                "found no column 'text', expected one of 'sentence', 'label'");
    }

    @Test
    void splits_a_real_set_without_leaks() {
        RunConfig config = RunConfig.defaults()
                .with(
                        "data.train",
                        SharedData.dir("zh-chnsenticorp/train.tsv.gz").toString());
        Splits splits = Splits.read(config.data());
        assertThat(test(splits).size()).isBetween(940, 980);
        assertThat(DataAudit.of(splits, String::length, 128).leaks()).isEmpty();
    }

    private static void refuses(RunConfig config, String message) {
        assertThatThrownBy(() -> Splits.read(config.data()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(message);
    }

    private static Dataset test(Splits splits) {
        return Objects.requireNonNull(splits.test());
    }

    private RunConfig config(String rows) throws IOException {
        Path file = Files.writeString(folder.resolve("train.csv"), "text,label\n" + rows);
        return RunConfig.defaults().with("data.train", file.toString());
    }

    private static String rows(int count, String label) {
        return IntStream.range(0, count)
                .mapToObj(i -> "text " + label + " " + i + "," + label + "\n")
                .collect(Collectors.joining());
    }
}
