package dev.parlance.linear;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlance.config.NgramRange;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NgramsTest {
    private static List<String> of(Ngrams ngrams, String text) {
        List<String> found = new ArrayList<>();
        ngrams.of(text, (hash, codePoints, start, end) -> {
            String ngram = new String(codePoints, start, end - start);
            assertThat(hash).isEqualTo(NgramHash.of(ngram));
            found.add(ngram);
        });
        return found;
    }

    private static List<String> words(int min, int max, String text) {
        return of(new WordNgrams(new NgramRange(min, max)), text);
    }

    private static List<String> chars(int min, int max, String text) {
        return of(new CharNgrams(new NgramRange(min, max)), text);
    }

    @Test
    void words_have_two_letters_or_more_and_stand_in_rows() {
        assertThat(words(1, 2, "to be, a don't 3.14 b_c"))
                .containsExactly("to", "to be", "be", "be don", "don", "don 14", "14", "14 b_c", "b_c");
        assertThat(words(2, 2, "one two three")).containsExactly("one two", "two three");
        assertThat(words(3, 4, "one two")).isEmpty();
        assertThat(words(1, 2, "")).isEmpty();
    }

    @Test
    void chinese_is_taken_apart_into_words_also_between_other_languages() {
        assertThat(words(1, 1, "我的iPhone房间很干净, very good"))
                .containsExactly("我", "的", "iPhone", "房间", "很", "干净", "very", "good");
        assertThat(words(1, 1, "𠮷野家")).hasSize(3).startsWith("𠮷");
        assertThat(words(1, 1, "2023年")).containsExactly("2023", "年");
    }

    @Test
    void kana_hangul_and_letters_with_marks_stay_together() {
        assertThat(words(1, 1, "カタカナ 한국어 naïve Ünïcödé")).containsExactly("カタカナ", "한국어", "naïve", "Ünïcödé");
    }

    @Test
    void a_run_of_a_thousand_characters_is_no_word_but_chinese_is() {
        assertThat(words(1, 1, "ab " + "x".repeat(1_000) + " cd")).containsExactly("ab", "cd");
        assertThat(String.join("", words(1, 1, "房间很干净".repeat(500)))).isEqualTo("房间很干净".repeat(500));
    }

    @Test
    void characters_stay_within_a_word_and_its_edges() {
        assertThat(chars(2, 3, "ab c")).containsExactlyInAnyOrder(" a", "ab", "b ", " ab", "ab ", " c", "c ", " c ");
    }

    @Test
    void a_word_shorter_than_the_shortest_counts_once_as_a_whole() {
        assertThat(chars(5, 6, "a bcd")).containsExactly(" a ", " bcd ");
    }

    @Test
    void an_emoji_is_one_character() {
        assertThat(chars(2, 2, "x😀")).containsExactly(" x", "x😀", "😀 ");
    }

    @Test
    void any_white_space_separates() {
        assertThat(chars(3, 3, "\u00a0a\u3000\tb\u0085")).containsExactly(" a ", " b ");
    }
}
