package dev.parlance.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.parlance.config.LinearConfig;
import dev.parlance.config.RunConfig;
import dev.parlance.config.UserError;
import dev.parlance.data.Example;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TfIdfTest {
    private static final Parallel PARALLEL = new Parallel(2);
    private static final List<Example> TEXTS = List.of(
            Example.of("good film good plot"),
            Example.of("bad film"),
            Example.of("房间很干净 good"),
            Example.of("房间 \"bad\" \u0001 \u2028 😀😀"));

    @TempDir
    private Path directory;

    @AfterAll
    static void close() {
        PARALLEL.close();
    }

    private static LinearConfig config(String... settings) {
        RunConfig run = RunConfig.defaults().with("linear.min_df", 1);
        for (int i = 0; i < settings.length; i += 2) {
            String value = settings[i + 1];
            run = run.with(
                    "linear." + settings[i],
                    value.matches("\\d+") ? (Object) Integer.valueOf(value) : value.equals("false") ? false : value);
        }
        return run.linear();
    }

    @Test
    void weighs_by_count_and_rarity_and_makes_the_length_1() {
        TfIdf tfIdf = TfIdf.fit(
                TEXTS,
                config("char_ngram_range", "none", "word_ngram_range", "1,1", "sublinear_tf", "false"),
                2,
                PARALLEL);
        FeatureVector features = tfIdf.transform("Good good PLOT unknown");
        assertThat(features.size()).isEqualTo(2);
        assertThat(tfIdf.feature(features.ids()[0])).isEqualTo(new Feature("word", "good"));
        assertThat(tfIdf.feature(features.ids()[1])).isEqualTo(new Feature("word", "plot"));
        double good = 2 * (Math.log(5.0 / 3) + 1);
        double plot = Math.log(5.0 / 2) + 1;
        assertThat((double) features.values()[0]).isCloseTo(good / Math.hypot(good, plot), within(1e-6));
        assertThat((double) features.values()[1]).isCloseTo(plot / Math.hypot(good, plot), within(1e-6));
    }

    @Test
    void a_text_without_known_ngrams_has_no_features() {
        TfIdf tfIdf = TfIdf.fit(TEXTS, config(), 2, PARALLEL);
        assertThat(tfIdf.transform("").size()).isZero();
        assertThat(tfIdf.transform("\u0000\n\n").size()).isZero();
        assertThat(tfIdf.transform("ωψ").size()).isZero();
    }

    @Test
    void a_pair_counts_as_one_text_with_an_edge_between() {
        TfIdf tfIdf = TfIdf.fit(TEXTS, config("char_ngram_range", "none"), 2, PARALLEL);
        FeatureVector pair = tfIdf.transformAll(List.of(new Example("good film", "bad", null)), PARALLEL)
                .get(0);
        assertThat(pair.ids()).containsExactly(tfIdf.transform("good film\nbad").ids());
    }

    @Test
    void what_was_written_is_read_back_to_the_same_features() throws IOException {
        TfIdf tfIdf = TfIdf.fit(TEXTS, config(), 2, PARALLEL);
        tfIdf.write(directory);
        TfIdf read = TfIdf.load(directory);
        assertThat(read.size()).isEqualTo(tfIdf.size());
        for (Example example : TEXTS) {
            assertThat(read.transform(example.text()).ids())
                    .containsExactly(tfIdf.transform(example.text()).ids());
            assertThat(read.transform(example.text()).values())
                    .containsExactly(tfIdf.transform(example.text()).values());
        }
        assertThat(IntStream.range(0, read.size()).mapToObj(read::feature))
                .containsExactlyElementsOf(IntStream.range(0, tfIdf.size())
                        .mapToObj(tfIdf::feature)
                        .toList());
    }

    @Test
    void a_damaged_vocabulary_is_refused_with_its_line() throws IOException {
        TfIdf.fit(TEXTS, config(), 2, PARALLEL).write(directory);
        Path file = directory.resolve(TfIdf.FILE);
        List<String> lines = Files.readAllLines(file);
        Files.write(file, lines.subList(0, lines.size() - 3));
        assertThatThrownBy(() -> TfIdf.load(directory))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(TfIdf.FILE + " line ");
        Files.write(file, List.of("[\"parlance-tfidf\",2,4,true,true]"));
        assertThatThrownBy(() -> TfIdf.load(directory))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("format parlance-tfidf 2, expected parlance-tfidf 1");
        Files.write(file, List.of("[\"parlance-tfidf\",1,4,true,true]", "[\"word\",\"1,2\",99999999]"));
        assertThatThrownBy(() -> TfIdf.load(directory)).isInstanceOf(UserError.class);
        Files.write(
                file, List.of("[\"parlance-tfidf\",1,4,true,true]", "[\"word\",\"1,2\",2]", "[\"a\",1]", "[\"a\",1]"));
        assertThatThrownBy(() -> TfIdf.load(directory)).hasMessageContaining("'a' is there twice");
        Files.writeString(file, "not json");
        assertThatThrownBy(() -> TfIdf.load(directory)).hasMessageContaining("no valid JSON");
        Files.writeString(file, "");
        assertThatThrownBy(() -> TfIdf.load(directory)).isInstanceOf(UserError.class);
    }

    @Test
    void keeps_the_most_frequent_and_fewer_for_many_labels() {
        TfIdf two = TfIdf.fit(TEXTS, config("char_ngram_range", "none", "max_features", "3"), 2, PARALLEL);
        assertThat(IntStream.range(0, two.size()).mapToObj(id -> two.feature(id).text()))
                .hasSize(3)
                .contains("good");
        TfIdf many = TfIdf.fit(TEXTS, config("max_weights", "40"), 10, PARALLEL);
        assertThat(many.size()).isEqualTo(4);
    }

    @Test
    void says_so_if_nothing_is_frequent_enough() {
        assertThatThrownBy(() -> TfIdf.fit(TEXTS, config("min_df", "50"), 2, PARALLEL))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("no n-gram occurs in at least 50 of the 4 training texts");
    }

    @Test
    void the_number_of_threads_changes_nothing() {
        List<Example> many = IntStream.range(0, 5_000)
                .mapToObj(i -> Example.of("text " + i % 97 + " of 房间" + i % 13 + " word" + i % 71))
                .toList();
        try (Parallel one = new Parallel(1);
                Parallel four = new Parallel(4)) {
            TfIdf a = TfIdf.fit(many, config("max_features", "300"), 2, one);
            TfIdf b = TfIdf.fit(many, config("max_features", "300"), 2, four);
            assertThat(IntStream.range(0, a.size()).mapToObj(a::feature))
                    .containsExactlyElementsOf(
                            IntStream.range(0, b.size()).mapToObj(b::feature).toList());
            assertThat(b.transformAll(many, four).get(4_999).values())
                    .containsExactly(a.transformAll(many, one).get(4_999).values());
        }
    }

    @Test
    void a_text_of_200000_characters_takes_no_longer_than_as_many_short_ones() {
        TfIdf tfIdf = TfIdf.fit(TEXTS, config(), 2, PARALLEL);
        assertThat(tfIdf.transform("房间很干净good film ".repeat(14_000)).size()).isPositive();
        assertThat(tfIdf.transform("x".repeat(200_000)).size()).isLessThan(10);
        assertThat(tfIdf.transform("房间很干净".repeat(40_000)).size()).isPositive();
    }
}
