package dev.parlance.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlance.config.UserError;
import dev.parlance.data.Example;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerTest {
    private static final String GRIN = "\uD83D\uDE00";

    @Test
    void ignores_truncation_and_padding_that_the_file_bakes_in() {
        try (Tokenizer tokenizer = wordpiece(64)) {
            assertThat(tokenizer.encode("order").length()).isLessThan(8);
            assertThat(tokenizer
                            .encode("where is my order please tell me now thank you")
                            .length())
                    .isGreaterThan(8);
        }
    }

    @Test
    void keeps_offsets_when_text_has_emoji() {
        try (Tokenizer tokenizer = wordpiece(64)) {
            String text = GRIN + "my " + GRIN + " order";
            Encoding encoding = tokenizer.encode(text);
            assertThat(pieces(text, encoding)).containsExactly("", GRIN + "my", GRIN, "order", "");
        }
    }

    @Test
    void reads_a_lone_surrogate_as_a_replacement_char_without_shifting_offsets() {
        try (Tokenizer tokenizer = wordpiece(64)) {
            String text = "my \uD800 order \uDC00" + GRIN + " my\uD83D";
            Encoding encoding = tokenizer.encode(text);
            Encoding replaced =
                    tokenizer.encode(text.replace('\uD800', '\uFFFD').replace(" \uDC00", " \uFFFD"));
            assertThat(encoding.inputIds()).isEqualTo(replaced.inputIds());
            assertThat(pieces(text, encoding)).contains("order", GRIN, "my");
        }
    }

    @Test
    void reads_nul_and_control_characters_without_shifting_offsets() {
        try (Tokenizer tokenizer = wordpiece(64)) {
            String text = "my\0\0 \u0001order\u007F my";
            assertThat(pieces(text, tokenizer.encode(text))).containsExactly("", "my", "order", "my", "");
        }
    }

    @Test
    void cuts_at_the_end_and_counts_what_it_cut() {
        try (Tokenizer tokenizer = wordpiece(6);
                Tokenizer whole = wordpiece(64)) {
            Encoding all = whole.encode("my order my order my order");
            Encoding cut = tokenizer.encode("my order my order my order");
            assertThat(cut.truncatedTokens()).isEqualTo(all.length() - 6);
            assertThat(Arrays.copyOf(cut.inputIds(), 5)).isEqualTo(Arrays.copyOf(all.inputIds(), 5));
            assertThat(cut.inputIds()[5]).isEqualTo(all.inputIds()[all.length() - 1]);
            assertThat(cut.sequenceIds()).containsExactly(-1, 0, 0, 0, 0, -1);
        }
    }

    @Test
    void marks_the_texts_of_a_pair_and_cuts_the_longer_one() {
        try (Tokenizer tokenizer = wordpiece(9)) {
            Encoding encoding = tokenizer.encode("my order my order my order", "my order");
            assertThat(encoding.sequenceIds()).containsExactly(-1, 0, 0, 0, 0, -1, 1, 1, -1);
            assertThat(encoding.tokenTypeIds()).containsExactly(0, 0, 0, 0, 0, 0, 1, 1, 1);
            assertThat(encoding.truncatedTokens()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"wordpiece", "bytelevel", "unigram"})
    void gives_a_text_that_is_cut_beforehand_the_ids_of_the_whole(String name) {
        List<String> texts = FuzzText.texts(1_600);
        try (Tokenizer tokenizer = Tokenizer.load(Fixtures.directory(name), 20)) {
            for (int i = 0; i < 40; i++) {
                String joined = String.join(i % 2 == 0 ? " " : " \u4F60\u597D ", texts.subList(40 * i, 40 * i + 40));
                Encoding cut = tokenizer.encode(joined);
                // A pair of two long texts is never cut beforehand: half of the room is the first text's.
                Encoding whole = tokenizer.encode(joined, joined);
                int kept = (int)
                        Arrays.stream(whole.sequenceIds()).filter(id -> id == 0).count();
                assertThat(kept).isGreaterThan(6);
                assertThat(Arrays.copyOf(cut.inputIds(), kept + 1))
                        .isEqualTo(Arrays.copyOf(whole.inputIds(), kept + 1));
                assertThat(Arrays.copyOf(cut.ends(), kept + 1)).isEqualTo(Arrays.copyOf(whole.ends(), kept + 1));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"word ", "\u4F60\u597D", "x", " ", "\0", "\uD800", GRIN})
    void takes_texts_of_200_000_chars(String unit) {
        String text = unit.repeat(200_000 / unit.length());
        try (Tokenizer tokenizer = wordpiece(16)) {
            Encoding encoding = tokenizer.encode(text);
            assertThat(encoding.length()).isBetween(2, 16);
            assertThat(tokenizer.encode(text, text).length()).isBetween(3, 16);
        }
    }

    @Test
    void tokenizes_only_the_beginning_of_a_long_text_that_can_be_cut() {
        try (Tokenizer tokenizer = wordpiece(16)) {
            Encoding encoding = tokenizer.encode("order ".repeat(30_000));
            assertThat(encoding.length()).isEqualTo(16);
            assertThat(encoding.truncatedTokens()).isBetween(16, 1_000);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"wordpiece", "bytelevel", "unigram"})
    void offsets_ascend_and_never_split_a_surrogate_pair(String name) {
        List<String> texts = FuzzText.texts(2_000);
        try (Tokenizer tokenizer = Tokenizer.load(Fixtures.directory(name), 64)) {
            List<Encoding> encodings =
                    tokenizer.encodeAll(texts.stream().map(Example::of).toList());
            for (int i = 0; i < texts.size(); i++) {
                Encoding encoding = encodings.get(i);
                int before = 0;
                for (int token = 1; token < encoding.length() - 1; token++) {
                    assertThat(encoding.starts()[token]).isBetween(before, encoding.ends()[token]);
                    assertThat(splitsPair(texts.get(i), encoding.starts()[token]))
                            .isFalse();
                    assertThat(splitsPair(texts.get(i), encoding.ends()[token])).isFalse();
                    before = encoding.starts()[token];
                }
            }
        }
    }

    @Test
    void offsets_of_a_byte_level_tokenizer_cover_all_but_spaces() {
        try (Tokenizer tokenizer = Tokenizer.load(Fixtures.directory("bytelevel"), 2_000)) {
            for (String text : FuzzText.texts(300)) {
                if (text.contains("<")) {
                    continue; // special tokens in the text may take the space beside them
                }
                Encoding encoding = tokenizer.encode(text);
                BitSet covered = new BitSet();
                IntStream.range(0, encoding.length())
                        .forEach(i -> covered.set(encoding.starts()[i], encoding.ends()[i]));
                for (int i = covered.nextClearBit(0); i < text.length(); i = covered.nextClearBit(i + 1)) {
                    assertThat(text.substring(i, i + 1)).matches("(?U)\\s"); // spaces are trimmed off tokens
                }
            }
        }
    }

    @Test
    void the_text_at_a_token_is_the_token() {
        String text = "Where is MY order, I paid for it twice";
        try (Tokenizer tokenizer = wordpiece(64)) {
            Encoding encoding = tokenizer.encode(text);
            for (int i = 1; i < encoding.length() - 1; i++) {
                String token = tokenizer.decode(new int[] {encoding.inputIds()[i]}, false);
                assertThat(token.replace("##", ""))
                        .isEqualTo(text.substring(encoding.starts()[i], encoding.ends()[i])
                                .toLowerCase(Locale.ROOT));
            }
            assertThat(tokenizer.decode(encoding.inputIds(), true)).contains("my order");
        }
    }

    @Test
    void encodes_a_list_like_its_items() {
        List<Example> examples = List.of(
                Example.of("my order"),
                new Example("my", "order", null),
                Example.of(""),
                Example.of("word ".repeat(9_000)));
        try (Tokenizer tokenizer = wordpiece(16)) {
            List<Encoding> encodings = tokenizer.encodeAll(examples);
            for (int i = 0; i < examples.size(); i++) {
                assertThat(encodings.get(i).inputIds())
                        .isEqualTo(tokenizer.encode(examples.get(i)).inputIds());
            }
            assertThat(tokenizer.encodeAll(List.of())).isEmpty();
        }
    }

    @Test
    void encodes_the_same_on_many_threads() {
        List<String> texts = FuzzText.texts(400);
        try (Tokenizer tokenizer = wordpiece(64)) {
            List<int[]> alone =
                    texts.stream().map(t -> tokenizer.encode(t).inputIds()).toList();
            List<int[]> together = texts.parallelStream()
                    .map(t -> tokenizer.encode(t).inputIds())
                    .toList();
            assertThat(together).usingElementComparator(Arrays::compare).isEqualTo(alone);
        }
    }

    @Test
    void knows_its_padding_vocabulary_and_limits() {
        try (Tokenizer wordpiece = wordpiece(1_000);
                Tokenizer bytelevel = Tokenizer.load(Fixtures.directory("bytelevel"), 1_000)) {
            assertThat(wordpiece.padTokenId()).isZero();
            assertThat(wordpiece.maxLength()).isEqualTo(64);
            assertThat(wordpiece.vocabularySize()).isEqualTo(3_500);
            assertThat(bytelevel.padTokenId()).isEqualTo(1);
            assertThat(bytelevel.maxLength()).isEqualTo(1_000);
            assertThat(bytelevel.vocabularySize()).isEqualTo(1_200);
        }
    }

    @Test
    void may_be_closed_twice_and_says_so_afterwards() {
        Tokenizer tokenizer = wordpiece(64);
        tokenizer.close();
        tokenizer.close();
        assertThatThrownBy(() -> tokenizer.encode("x"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the tokenizer is closed");
        assertThatThrownBy(() -> tokenizer.decode(new int[] {1}, false)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refuses_a_length_that_leaves_no_room() {
        assertThatThrownBy(() -> wordpiece(2))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("adds 2 special tokens")
                .hasMessageContaining("at least 3");
        try (Tokenizer tokenizer = wordpiece(3)) {
            assertThatThrownBy(() -> tokenizer.encode("my", "order"))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("adds 3 special tokens to a pair");
        }
    }

    @Test
    void refuses_directories_without_a_usable_tokenizer(@TempDir Path directory) throws IOException {
        assertThatThrownBy(() -> Tokenizer.load(directory.resolve("absent"), 8))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("is not a directory");
        assertThatThrownBy(() -> Tokenizer.load(directory, 8))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("has no tokenizer.json");
        Files.writeString(directory.resolve("vocab.txt"), "[PAD]\n");
        assertThatThrownBy(() -> Tokenizer.load(directory, 8)).hasMessageContaining("save_pretrained");
        for (String bad : List.of(
                "",
                "{",
                "[]",
                "{}",
                "{\"model\":{\"vocab\":{}}}",
                "{\"model\":{\"type\":\"Odd\",\"vocab\":{\"a\":0}}}")) {
            Files.writeString(directory.resolve("tokenizer.json"), bad);
            assertThatThrownBy(() -> Tokenizer.load(directory, 8))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("tokenizer.json is no tokenizer");
        }
    }

    @Test
    void the_longer_text_gives_first() {
        assertThat(Truncation.longestFirst(3, 4, 10)).isEqualTo(new Truncation(3, 4));
        assertThat(Truncation.longestFirst(3, 20, 10)).isEqualTo(new Truncation(3, 7));
        assertThat(Truncation.longestFirst(20, 3, 10)).isEqualTo(new Truncation(7, 3));
        assertThat(Truncation.longestFirst(20, 30, 11)).isEqualTo(new Truncation(5, 6));
        assertThat(Truncation.longestFirst(30, 20, 11)).isEqualTo(new Truncation(6, 5));
    }

    private static Tokenizer wordpiece(int maxLength) {
        return Tokenizer.load(Fixtures.directory("wordpiece"), maxLength);
    }

    private static List<String> pieces(String text, Encoding encoding) {
        return IntStream.range(0, encoding.length())
                .mapToObj(i -> text.substring(encoding.starts()[i], encoding.ends()[i]))
                .toList();
    }

    private static boolean splitsPair(String text, int offset) {
        return offset > 0
                && offset < text.length()
                && Character.isSurrogatePair(text.charAt(offset - 1), text.charAt(offset));
    }
}
