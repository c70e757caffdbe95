package dev.parlance.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlance.config.DataConfig;
import dev.parlance.config.RunConfig;
import dev.parlance.config.UserError;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExampleReaderTest {
    @TempDir
    Path folder;

    @Test
    void gives_physical_lines_across_quoted_line_ends() {
        List<Row> rows = read("a.csv", "text\r\n\"one\r\ntwo\nthree\"\r\n\r\nfour\r\n");
        assertThat(rows).extracting(Row::line).containsExactly(2L, 6L);
        assertThat(rows.get(0).example().text()).isEqualTo("one\r\ntwo\nthree");
    }

    @Test
    void keeps_rows_without_labels_and_empty_texts_for_prediction() {
        List<Row> rows = read("a.csv", "id,text,label\n1,good,pos\n2,,neg\n3,bad,\n");
        assertThat(rows).extracting(row -> row.example().text()).containsExactly("good", "", "bad");
        assertThat(rows.get(0).example().goldLabel()).isEqualTo("pos");
        assertThat(rows.get(2).example().gold()).isNull();
    }

    @Test
    void keeps_json_objects_with_empty_texts_for_prediction() {
        List<Row> rows = read("a.jsonl", "{\"text\":\"a\"}\n\n{\"text\":\"\"}\n");
        assertThat(rows).extracting(Row::line).containsExactly(1L, 3L);
        assertThatThrownBy(() -> read("a.jsonl", "{\"text\":\"a\"}\n{}\n"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("a.jsonl line 2: found no value for 'text'");
    }

    @Test
    void reads_plain_lines_as_texts_where_the_name_tells_nothing() {
        List<Row> rows = read("standard input", "a gorgeous, witty film\n\nso \"so\"\n");
        assertThat(rows).extracting(row -> row.example().text()).containsExactly("a gorgeous, witty film", "so \"so\"");
        assertThat(rows).extracting(Row::line).containsExactly(1L, 3L);
    }

    @Test
    void reads_pairs() {
        List<Row> rows = read("a.tsv", "label\tsentence1\tsentence2\nyes\ta b\tc d\n");
        assertThat(rows.get(0).example()).isEqualTo(new Example("a b", "c d", Labels.gold("yes")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text,label | 'text' | 'label'",
                "label,text | 'text' | 'label'",
                "id,review_text,stars | 'review_text' | 'stars'",
                "文本,标签 | '文本' | '标签'",
                "intent,sentiment,Message | 'Message' | 'intent'",
                "customerMessage,Category | 'customerMessage' | 'Category'"
            })
    void finds_columns_by_common_names(String header, String text, String label) {
        Columns columns = columns(header + "\n" + "a,b,c".substring(0, header.split(",").length * 2 - 1) + "\n");
        assertThat(columns.text().name()).isEqualTo(text);
        assertThat(Objects.requireNonNull(columns.label()).name()).isEqualTo(label);
    }

    @Test
    void finds_columns_by_content_and_says_so() throws IOException {
        Path file = folder.resolve("a.csv");
        Files.writeString(
                file,
                "k,v,w,z\n" + "7f3a91c2-aaaa-bbbb-cccc-%d,a long remark number %d,spam,1\n".formatted(1, 1)
                        + "7f3a91c2-aaaa-bbbb-cccc-2,it was fine,ham,2\n9c,another one here,ham,3\n9d,and so on,spam,4\n");
        Columns columns = Dataset.read(DataConfig.defaults(), file).columns();
        assertThat(columns.text().name()).isEqualTo("v");
        assertThat(columns.label()).hasToString("'w'");
        assertThat(columns.how())
                .containsExactly(
                        "text 'v' since its values are the longest and most varied",
                        "label 'w' since it has few values that repeat");
    }

    @Test
    void says_which_other_columns_could_be_the_label() {
        assertThat(columns("text,intent,sentiment\na,b,c\n").how())
                .contains("label 'intent' by its name (also plausible: 'sentiment'; choose with data.label_column)");
    }

    @Test
    void streams_more_than_it_could_hold() {
        AtomicLong given = new AtomicLong();
        InputStream endless = new InputStream() {
            private final byte[] line = ("x".repeat(999) + "\n").getBytes(StandardCharsets.US_ASCII);

            @Override
            public int read() {
                return line[(int) (given.getAndIncrement() % line.length)];
            }

            @Override
            public int read(byte[] target, int offset, int length) {
                for (int i = 0; i < length; i++) {
                    target[offset + i] = (byte) read();
                }
                return length;
            }
        };
        try (ExampleReader reader = ExampleReader.open(DataConfig.defaults(), endless, "endless")) {
            Iterator<Row> rows = reader.iterator();
            for (int i = 0; i < 20_000; i++) {
                assertThat(rows.next().line()).isEqualTo(i + 1L);
            }
        }
        assertThat(given.get()).isBetween(20_000_000L, 20_000_000L + 200_000);
    }

    @Test
    @Timeout(10)
    void gives_rows_as_they_are_typed_if_nothing_is_to_be_detected() throws IOException {
        DataConfig config = RunConfig.defaults()
                .with("data.format", "tsv")
                .with("data.quoting", "raw")
                .with("data.header", "no")
                .with("data.text_column", "0")
                .data();
        try (PipedOutputStream typed = new PipedOutputStream();
                PipedInputStream in = new PipedInputStream(typed)) {
            typed.write("first\nsecond\n".getBytes(StandardCharsets.UTF_8));
            typed.flush();
            try (ExampleReader reader = ExampleReader.open(config, in, "standard input")) {
                assertThat(reader.iterator().next().example().text()).isEqualTo("first");
            }
        }
    }

    @Test
    void names_the_problem_of_a_path() throws IOException {
        refuses(folder, folder + " is a directory");
        refuses(folder.resolve("no.csv"), "does not exist");
        Path locked = Files.writeString(folder.resolve("locked.csv"), "text\na\n");
        Assumptions.assumeTrue(locked.toFile().setReadable(false) && !Files.isReadable(locked), "runs as root");
        refuses(locked, "cannot be read");
    }

    @Test
    void says_which_encoding_there_is() {
        assertThatThrownBy(() -> read(
                        "a.csv",
                        "x",
                        RunConfig.defaults().with("data.encoding", "UFT-8").data()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("did you mean UTF-8?");
    }

    @Test
    void decodes_characters_that_are_cut_by_its_buffers() {
        String text = "好😀é".repeat(20_000);
        List<Row> rows = read(
                "a.tsv",
                "x\n" + text + "\n" + "a" + text + "\n",
                RunConfig.defaults().with("data.header", "no").data());
        assertThat(rows.get(1).example().text()).isEqualTo(text);
        assertThat(rows.get(2).example().text()).isEqualTo("a" + text);
    }

    @Test
    void hashes_the_stored_bytes() {
        try (ExampleReader reader = open("a.csv", "text\na\n", DataConfig.defaults())) {
            reader.forEach(row -> assertThat(row.line()).isEqualTo(2));
            // printf 'text\na\n' | sha256sum
            assertThat(reader.finish())
                    .isEqualTo(new DataFile(
                            "a.csv", 7, "ef271522dd0a16c1b66bcbadc17474307a88dea874019dc4146b4789a09a8c2d"));
        }
    }

    @Test
    void can_be_iterated_once() {
        try (ExampleReader reader = open("a.csv", "text\na\n", DataConfig.defaults())) {
            assertThat(reader.iterator()).isNotNull();
            assertThatThrownBy(reader::iterator).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void reports_a_stream_that_fails() {
        InputStream failing = new SequenceInputStream(
                new ByteArrayInputStream("text\nabc\n".getBytes(StandardCharsets.UTF_8)), new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("cable cut");
                    }

                    @Override
                    public int read(byte[] target, int offset, int length) throws IOException {
                        throw new IOException("cable cut");
                    }
                });
        assertThatThrownBy(() -> readAll(ExampleReader.open(DataConfig.defaults(), failing, "a.csv")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("a.csv cannot be read")
                .hasMessageContaining("cable cut");
    }

    private static void refuses(Path file, String message) {
        assertThatThrownBy(() -> ExampleReader.open(DataConfig.defaults(), file))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(message);
    }

    private static Columns columns(String content) {
        try (ExampleReader reader = open("a.csv", content, DataConfig.defaults())) {
            return reader.columns();
        }
    }

    private static List<Row> read(String name, String content) {
        return read(name, content, DataConfig.defaults());
    }

    private static List<Row> read(String name, String content, DataConfig config) {
        return readAll(open(name, content, config));
    }

    private static List<Row> readAll(ExampleReader opened) {
        try (ExampleReader reader = opened) {
            List<Row> rows = new ArrayList<>();
            reader.forEach(rows::add);
            return rows;
        }
    }

    private static ExampleReader open(String name, String content, DataConfig config) {
        return ExampleReader.open(config, new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)), name);
    }
}
