package dev.parlance.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parlance.SharedData;
import dev.parlance.config.DataConfig;
import dev.parlance.config.RunConfig;
import dev.parlance.data.DataAudit.Conflict;
import dev.parlance.data.DataAudit.Giveaway;
import dev.parlance.data.DataAudit.Leak;
import dev.parlance.data.DataAudit.Lengths;
import dev.parlance.data.DataAudit.Pair;
import dev.parlance.data.DataAudit.Part;
import dev.parlance.data.DataAudit.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataAuditTest {
    @TempDir
    Path folder;

    @Test
    void counts_exact_and_normalized_duplicates_with_their_lines() throws IOException {
        Part part = audit("Good film,pos\nGood film,pos\nGOOD  film!,pos\nＧｏｏｄ film,pos\nbad film,neg\n");
        assertThat(part.exactDuplicates().count()).isEqualTo(1);
        assertThat(part.exactDuplicates().samples()).containsExactly(new Pair(2, 3));
        assertThat(part.normalizedDuplicates().count()).isEqualTo(3);
        assertThat(part.normalizedDuplicates().samples())
                .containsExactly(new Pair(2, 3), new Pair(2, 4), new Pair(2, 5));
    }

    @Test
    void finds_texts_with_two_labels() throws IOException {
        Part part = audit("so so,pos\nfine,pos\nSo so.,neg\nbad,neg\n");
        assertThat(part.conflicts().count()).isEqualTo(1);
        assertThat(part.conflicts().samples()).containsExactly(new Conflict(2, "pos", 4, "neg"));
    }

    @Test
    void tells_labels_by_count_and_their_imbalance() throws IOException {
        Part part = audit("aaa,x\nbbb,x\nccc,x\nddd,y\n");
        assertThat(part.labels()).containsExactly(Map.entry("x", 3), Map.entry("y", 1));
        assertThat(part.imbalance()).isEqualTo(3.0);
    }

    @Test
    void measures_lengths_by_nearest_rank() {
        int[] lengths = java.util.stream.IntStream.rangeClosed(1, 100).toArray();
        assertThat(Lengths.of(lengths)).isEqualTo(new Lengths(1, 50, 95, 100));
        assertThat(Lengths.of(new int[] {7})).isEqualTo(new Lengths(7, 7, 7, 7));
    }

    @Test
    void measures_tokens_and_the_share_that_is_cut() throws IOException {
        Dataset data = read("one two three four,x\none two,y\none,x\nfive,y\n");
        Part part = DataAudit.of(data, text -> text.split(" ", -1).length, 2)
                .parts()
                .get(0);
        assertThat(part.tokens()).isEqualTo(new Lengths(1, 1, 4, 4));
        assertThat(part.cutShare()).isEqualTo(0.25);
        assertThat(part.chars()).isEqualTo(new Lengths(3, 4, 18, 18));
    }

    @Test
    void tells_languages_very_short_texts_and_broken_encodings() throws IOException {
        Part part = audit(
                "great film,x\n房间很好,y\nпривет мир,x\nok,y\n好,y\ncafÃ© it\u2019s,x\nprivé\u00A0» no,y\nbroken \uFFFD,x\n");
        assertThat(part.languages())
                .containsEntry("en", 5 / 8.0)
                .containsEntry("zh", 2 / 8.0)
                .containsEntry("other", 1 / 8.0);
        assertThat(part.veryShort()).isEqualTo(new Rows(1, List.of(5L)));
        assertThat(part.suspiciousEncoding()).isEqualTo(new Rows(2, List.of(7L, 9L)));
    }

    @Test
    void finds_labels_that_stand_in_their_texts() throws IOException {
        Part part =
                audit("sports news today,Sports\nmore sports,Sports\nmarket falls,Business\nstocks rise,Business\n");
        assertThat(part.giveaways()).containsExactly(new Giveaway("Sports", 1.0));
    }

    @Test
    void finds_leaks_between_the_files_of_a_run() throws IOException {
        DataConfig config = RunConfig.defaults()
                .with(
                        "data.train",
                        write("train.csv", "a film,pos\nbad film,neg\n").toString())
                .with(
                        "data.validation",
                        write("dev.csv", "other,pos\nmore,neg\n").toString())
                .with(
                        "data.test",
                        write("test.csv", "new one,pos\nA film!,pos\n").toString())
                .data();
        DataAudit audit = DataAudit.of(Splits.read(config), String::length, 128);
        assertThat(audit.leaks()).containsExactly(new Leak("train", "test", 1, 0.5, List.of(new Pair(2, 3))));
        assertThat(audit.part("validation")).isNotNull();
    }

    @Test
    void becomes_json_without_any_text() throws IOException {
        Dataset data = read("secret words,x\nother words,y\n");
        String json = new ObjectMapper().writeValueAsString(DataAudit.of(data, String::length, 128));
        JsonNode tree = new ObjectMapper().readTree(json);
        assertThat(tree.at("/parts/0/labels/x").intValue()).isEqualTo(1);
        assertThat(tree.at("/parts/0/file/sha256").textValue()).hasSize(64);
        assertThat(json).doesNotContain("secret");
    }

    @Test
    void finds_what_is_known_of_real_sets() {
        Part sst2 = part("en-sst2/train.tsv");
        assertThat(sst2.exactDuplicates().count()).isEqualTo(6920 - 6911);
        assertThat(sst2.languages().get("en")).isGreaterThan(0.99);
        Part chn = part("zh-chnsenticorp/train.tsv.gz");
        assertThat(chn.exactDuplicates().count()).isEqualTo(9600 - 8249);
        assertThat(chn.languages().get("zh")).isGreaterThan(0.98);
        Part thucnews = part("zh-thucnews-titles/train.tsv");
        assertThat(thucnews.exactDuplicates().count()).isEqualTo(9000 - 8993);
        assertThat(thucnews.suspiciousEncoding().count()).isBetween(1, 30); // 30 U+FFFD in all
        DataConfig trec = RunConfig.defaults()
                .with("data.train", SharedData.dir("en-trec/train.tsv").toString())
                .with("data.test", SharedData.dir("en-trec/test.tsv").toString())
                .with("data.validation", SharedData.dir("en-trec/test.tsv").toString())
                .data();
        assertThat(DataAudit.of(Splits.read(trec), String::length, 128)
                        .leaks()
                        .get(0)
                        .count())
                .isEqualTo(11); // 10 letter by letter, one more but for spaces and punctuation
    }

    private static Part part(String file) {
        Dataset data = Dataset.read(DataConfig.defaults(), SharedData.dir(file));
        return DataAudit.of(data, String::length, 128).parts().get(0);
    }

    private Part audit(String rows) throws IOException {
        return DataAudit.of(read(rows), String::length, 128).parts().get(0);
    }

    private Dataset read(String rows) throws IOException {
        return Dataset.read(DataConfig.defaults(), write("a.csv", rows));
    }

    private Path write(String name, String rows) throws IOException {
        return Files.writeString(folder.resolve(name), "text,label\n" + rows);
    }
}
