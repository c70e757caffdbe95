package dev.parlance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the self-test model, whose answers are known by hand: "good" and "fine" are positive, "bad" and "broken" negative. */
class PredictCommandTest {
    private static SelfTestModel unpacked;
    private static String model;

    @TempDir
    Path directory;

    @BeforeAll
    static void unpack() throws IOException {
        unpacked = SelfTestModel.unpack();
        model = unpacked.directory().toString();
    }

    @AfterAll
    static void delete() throws IOException {
        unpacked.close();
    }

    @Test
    void labels_texts_as_json_lines_in_their_order() {
        Run run = Run.of("predict", model, "good 好 😀", "bad");
        assertThat(run.code()).isZero();
        assertThat(run.out().lines())
                .containsExactly(
                        "{\"label\":\"positive\",\"score\":0.982014,\"text\":\"good 好 😀\"}",
                        "{\"label\":\"negative\",\"score\":0.982014,\"text\":\"bad\"}");
    }

    @Test
    void lists_the_most_probable_labels() {
        assertThat(Run.of("predict", model, "good", "--top-k", "5").out())
                .contains(
                        "\"labels\":[{\"label\":\"positive\",\"score\":0.982014},{\"label\":\"negative\",\"score\":0.017986}]");
    }

    @Test
    void reads_standard_input_and_passes_gold_labels_on() {
        Run run = Run.withInput("text,label\ngood,positive\n", "predict", model, "--input", "-");
        assertThat(run.out())
                .isEqualToIgnoringNewLines(
                        "{\"label\":\"positive\",\"score\":0.982014,\"gold\":\"positive\",\"text\":\"good\"}");
        assertThat(run.err()).contains("text 'text'");
    }

    @Test
    void keeps_the_order_of_many_rows_in_a_file() throws IOException {
        Path input = directory.resolve("in.csv");
        Path output = directory.resolve("out.jsonl");
        String rows = IntStream.range(0, 3_000)
                .mapToObj(i -> i + " good".repeat(i % 7))
                .collect(Collectors.joining("\n"));
        Files.writeString(input, "text\n" + rows + "\n");
        Run run = Run.of("predict", model, "-i", input.toString(), "-o", output.toString());
        assertThat(run.code()).isZero();
        assertThat(run.out()).isEmpty();
        List<String> lines = Files.readAllLines(output);
        assertThat(lines).hasSize(3_000);
        for (int i = 0; i < 3_000; i++) {
            assertThat(lines.get(i)).endsWith("\"text\":\"" + i + " good".repeat(i % 7) + "\"}");
        }
    }

    @Test
    void leaves_an_old_output_alone_if_the_input_is_bad() throws IOException {
        Path input = directory.resolve("in.csv");
        Path output = directory.resolve("out.jsonl");
        Files.writeString(input, "text\n\"never closed\n");
        Files.writeString(output, "old");
        Run run = Run.of("predict", model, "-i", input.toString(), "-o", output.toString());
        assertThat(run.code()).isEqualTo(2);
        assertThat(output).hasContent("old");
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactlyInAnyOrder(input, output);
        }
    }

    @Test
    void refuses_texts_and_a_file_together_and_neither() {
        assertThat(Run.of("predict", model).err()).startsWith("parlance: there is nothing to label");
        Run both = Run.of("predict", model, "good", "--input", "x.csv");
        assertThat(both.code()).isEqualTo(2);
        assertThat(both.err()).contains("both texts and --input").doesNotContain("\tat ");
    }

    @Test
    void shows_the_stack_trace_of_a_user_error_only_with_debug() {
        Run plain = Run.of("predict", "/no/such/model", "good");
        assertThat(plain.code()).isEqualTo(2);
        assertThat(plain.err())
                .startsWith("parlance: /no/such/model is no directory")
                .doesNotContain("\tat ");
        assertThat(Run.of("predict", "--debug", "/no/such/model", "good").err()).contains("\tat dev.parlance");
    }

    @Test
    void ends_quietly_when_the_reader_of_the_pipe_leaves() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        assertThat(endless(failing("Broken pipe"), err)).isZero();
        assertThat(err.toString(StandardCharsets.UTF_8)).doesNotContain("pipe");
    }

    @Test
    void says_so_when_results_are_lost() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        assertThat(endless(failing("No space left on device"), err)).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("No space left on device");
    }

    private static int endless(OutputStream out, OutputStream err) {
        byte[] rows = ("text\n" + "good\n".repeat(5_000)).getBytes(StandardCharsets.UTF_8);
        Console console = new Console(new ByteArrayInputStream(rows), out, err, 0, false);
        return Main.run(console, "predict", model, "--input", "-");
    }

    private static OutputStream failing(String reason) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(reason);
            }
        };
    }
}
