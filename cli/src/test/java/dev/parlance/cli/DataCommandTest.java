package dev.parlance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataCommandTest {
    @TempDir
    Path directory;

    private Path train;
    private Path test;

    @BeforeEach
    void write() throws IOException {
        train = Files.writeString(directory.resolve("train.csv"), """
                text,label
                the parcel is late,delivery
                refund me please,refund
                the parcel is late,refund
                where is my money,refund
                """);
        test = Files.writeString(
                directory.resolve("test.csv"), "text,label\nwhere is my money,refund\nit came broken,delivery\n");
    }

    @Test
    void names_labels_and_contradictions_but_no_text() {
        Run run = Run.of("data", train.toString());
        assertThat(run.code()).isZero();
        assertThat(run.out())
                .contains("4 rows, 2 labels")
                .contains("contradict an earlier one with the same text: line 2 says 'delivery', line 4 says 'refund'")
                .doesNotContain("parcel")
                .doesNotContain("tokens (");
    }

    @Test
    void finds_leaks_between_the_parts() {
        Run run = Run.of("data", train.toString(), "--validation", test.toString(), "--test", test.toString());
        assertThat(run.out())
                .contains(
                        "1 rows of test (50.0 %) stand in train as well, which flatters the scores: line 2 is line 5 there");
    }

    @Test
    void counts_tokens_with_the_tokenizer_of_a_model() throws IOException {
        try (SelfTestModel model = SelfTestModel.unpack()) {
            Path weights =
                    Files.createFile(model.directory().resolve("model.safetensors")); // to look like a full model
            Run run = Run.of(
                    "data", train.toString(), "--model", model.directory().toString(), "--json");
            Files.delete(weights);
            assertThat(run.err()).isEmpty();
            assertThat(run.out()).contains("\"tokens\"").contains("\"cut_share\"");
        }
        assertThat(Run.of("data", train.toString(), "--json").out()).doesNotContain("cut_share");
    }
}
