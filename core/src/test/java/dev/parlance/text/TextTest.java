package dev.parlance.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextTest {
    @ParameterizedTest
    @CsvSource({
        "a witty film, EN",
        "房间很干净, ZH",
        "这个 app 很好用, ZH",
        "the word 好 is Han, EN",
        "これは日本語です, OTHER",
        "한국어, OTHER",
        "привет, OTHER",
        "'12 !?', OTHER",
        "'', OTHER",
        "\uD840\uDC00\uD840\uDC01, ZH"
    })
    void tells_the_language_by_script(String text, Language language) {
        assertThat(Language.of(text)).isEqualTo(language);
    }

    @Test
    void tells_the_language_of_most_texts() {
        assertThat(Language.ofMost(List.of("房间很好", "ok", "很干净"))).isEqualTo(Language.ZH);
        assertThat(Language.ofMost(List.of())).isEqualTo(Language.EN);
    }

    @ParameterizedTest
    @CsvSource({
        "Good  Film!, goodfilm",
        "ＧＯＯＤ　ｆｉｌｍ, goodfilm",
        "房间，很好。, 房间很好",
        "!?, !?",
        "STRASSE, strasse",
        "5 stars, 5stars"
    })
    void ignores_case_space_punctuation_and_width(String text, String key) {
        assertThat(TextKey.normalized(text)).isEqualTo(key);
    }

    @ParameterizedTest
    @CsvSource({"Card Arrival, card_arrival", "card-arrival, CardArrival", "Ｐｏｓ, pos"})
    void sees_that_labels_are_similar(String one, String other) {
        assertThat(TextKey.label(one)).isEqualTo(TextKey.label(other));
    }

    @ParameterizedTest
    @CsvSource({"1, -1", "C, C++", "C#, C++", "a, b"})
    void keeps_labels_apart_that_symbols_tell_apart(String one, String other) {
        assertThat(TextKey.label(one)).isNotEqualTo(TextKey.label(other));
    }

    @Test
    void hashes_like_texts_apart() {
        Set<Long> hashes = new HashSet<>();
        Set<Integer> lowBits = new HashSet<>();
        for (int i = 0; i < 100_000; i++) {
            long hash = TextKey.hash("text " + i);
            hashes.add(hash);
            lowBits.add((int) hash & 0xfff);
        }
        assertThat(hashes).hasSize(100_000);
        assertThat(lowBits).hasSize(4096);
    }
}
