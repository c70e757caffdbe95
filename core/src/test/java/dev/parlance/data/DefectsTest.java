package dev.parlance.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlance.config.RunConfig;
import dev.parlance.config.UserError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One case for each row of the table in docs/data-formats.md: what is refused, and what is accepted with a finding. */
class DefectsTest {
    private static final String GOOD = "text,label\ngood film,pos\nbad film,neg\n";

    @TempDir
    Path folder;

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void refuses(Refused refused) throws IOException {
        Path file = Files.write(folder.resolve(refused.file), refused.content);
        assertThatThrownBy(() -> Dataset.read(config(refused.settings).data(), file))
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageNotContaining("\n")
                .satisfies(e -> assertThat(e.getMessage()).contains(refused.message));
    }

    static Stream<Refused> refuses() {
        return Stream.of(
                refused("empty file", "a.csv", "", "is empty"),
                refused("blank lines alone", "a.csv", "\n\n  \n", "is empty"),
                refused("empty JSONL", "a.jsonl", "\n", "is empty"),
                refused(
                        "header alone",
                        "a.csv",
                        "text,label\n",
                        "has a header (text, label) but no rows",
                        "data.header=no"),
                refused(
                        "unclosed quote",
                        "a.csv",
                        GOOD + "\"open,pos\nmore,neg\n",
                        "line 4: found a quote that is never closed"),
                refused("unclosed quote in last field", "a.csv", GOOD + "x,\"pos", "line 4", "never closed"),
                refused(
                        "text after a closing quote",
                        "a.csv",
                        GOOD + "\"a\"b,pos\n",
                        "line 4",
                        "after a closing quote"),
                refused(
                        "long row",
                        "a.csv",
                        GOOD + "a,b,pos\n",
                        "line 4: found 3 fields, expected 2",
                        "must be quoted"),
                refused("short row", "a.csv", GOOD + "a\n", "line 4: found 1 field, expected 2", "data.bad_rows=skip"),
                refused(
                        "short row after a quoted line end",
                        "a.csv",
                        "text,label\n\"a\nb\",pos\nc\n",
                        "line 4: found 1 field"),
                refused(
                        "raw long row",
                        "a.tsv",
                        "text\tlabel\na\tpos\nb\tc\tneg\n",
                        "line 3: found 3 fields",
                        "data.quoting=quoted"),
                refused(
                        "duplicate text column",
                        "a.csv",
                        "text,label,text\na,pos,b\n",
                        "2 columns named 'text'",
                        "index"),
                refused(
                        "too few labels to find",
                        "a.csv",
                        "id,x,y\na,b,c\nd,e,f\n",
                        "looks like labels",
                        "data.label_column"),
                refused("no text left", "a.csv", "label\npos\nneg\n", "no column left for the text"),
                refused(
                        "invalid UTF-8",
                        "a.csv",
                        bytes("text,label\ngood,pos\ncaf", 0xE9, ",neg\n"),
                        "line 3: found the bytes e9 at byte 23",
                        "windows-1252"),
                refused(
                        "GB18030 as UTF-8",
                        "a.csv",
                        "text,label\n房间很干净也很安静,好评\n".getBytes(Charset.forName("GB18030")),
                        "line 2",
                        "perhaps to GB18030"),
                refused("cut off UTF-8", "a.csv", bytes("text,label\na,pos\nb,neg", 0xE6, 0x88), "line 3", "UTF-8"),
                refused(
                        "UTF-16 without mark",
                        "a.csv",
                        GOOD.getBytes(StandardCharsets.UTF_16LE),
                        "data.encoding to UTF-16LE"),
                refused(
                        "UTF-16BE without mark",
                        "a.csv",
                        GOOD.getBytes(StandardCharsets.UTF_16BE),
                        "data.encoding to UTF-16BE"),
                refused("binary", "a.csv", new byte[2000], "a binary file (2000 NUL bytes"),
                refused("Excel", "a.csv", bytes("PK", 3, 4, "rest"), "an Excel (.xlsx) or zip file"),
                refused(
                        "200k characters",
                        "a.csv",
                        GOOD + "x".repeat(200_000) + ",pos\n",
                        "line 4: found a field of more than 100000 characters",
                        "data.max_line_chars"),
                refused(
                        "200k characters raw",
                        "a.tsv",
                        "text\tlabel\n" + "x".repeat(200_000) + "\tpos\n",
                        "line 2: found 200000 characters in 'text'",
                        "data.max_line_chars"),
                refused(
                        "200k characters JSON",
                        "a.jsonl",
                        "{\"text\":\"" + "x".repeat(200_000) + "\",\"label\":\"a\"}\n",
                        "line 1: found 200000 characters",
                        "data.max_line_chars"),
                refused(
                        "endless line",
                        "a.tsv",
                        "text\tlabel\n" + "x".repeat(1_700_000),
                        "line 2: found a line of more than 1600000"),
                refused(
                        "10,000 labels",
                        "a.csv",
                        "text,label\n" + rows(10_000, i -> "t" + i + ",l" + i),
                        "line 2002: found more than 2000 different labels in 'label'",
                        "data.max_labels"),
                refused("too many rows", "a.csv", GOOD, "line 3: found more than 1 rows", "data.max_rows")
                        .with("data.max_rows", 1),
                refused(
                                "gzip bomb",
                                "a.csv.gz",
                                gzip("text,label\n" + "a,pos\n".repeat(1_000_000)),
                                "unpacks to more than 1000000 bytes",
                                "data.max_unpacked_bytes")
                        .with("data.max_unpacked_bytes", 1_000_000),
                refused("broken gzip", "a.csv.gz", Arrays.copyOf(gzip(GOOD.repeat(100)), 40), "is a broken gzip file"),
                refused("gzip in gzip", "a.csv.gz", gzip(gzip(GOOD)), "gzip file inside a gzip file"),
                refused(
                        "no labels at all",
                        "a.jsonl",
                        "{\"text\":\"a\",\"label\":null}\n{\"text\":\"b\",\"label\":\" \"}\n",
                        "no row with a text and a label",
                        "2 x row without a label"),
                refused("JSON array", "a.json", "[{\"text\":\"a\"}]", "line 1: found an array", "jq -c"),
                refused(
                        "JSON string",
                        "a.jsonl",
                        "{\"text\":\"a\",\"label\":\"b\"}\n\"x\"\n",
                        "line 2: found a string, expected one JSON object a line"),
                refused(
                        "broken JSON",
                        "a.jsonl",
                        "{\"text\":\"a\",\"label\":\"b\"}\n{\"text\":\n",
                        "line 2: found no valid JSON"),
                refused(
                        "duplicate JSON key",
                        "a.jsonl",
                        "{\"text\":\"a\",\"label\":\"b\"}\n{\"text\":\"a\",\"text\":\"b\",\"label\":\"b\"}\n",
                        "line 2",
                        "Duplicate field 'text'"),
                refused(
                        "text after JSON",
                        "a.jsonl",
                        "{\"text\":\"a\",\"label\":\"b\"} x\n{\"text\":\"a\",\"label\":\"b\"}\n",
                        "line 1: found"),
                refused(
                        "nested text",
                        "a.jsonl",
                        "{\"text\":\"a\",\"label\":\"b\"}\n{\"text\":[\"a\"],\"label\":\"b\"}\n",
                        "line 2: found an array in 'text', expected a string"),
                refused(
                        "several labels",
                        "a.jsonl",
                        "{\"text\":\"a\",\"label\":[\"b\",\"c\"]}\n",
                        "line 1: found an array in 'label'"),
                refused(
                        "missing JSON text",
                        "a.jsonl",
                        "{\"text\":\"a\",\"label\":\"b\"}\n{\"label\":\"b\"}\n",
                        "line 2: found no value for 'text'"),
                refused(
                        "deep nesting",
                        "a.jsonl",
                        "{\"text\":\"a\",\"label\":\"b\"}\n{\"x\":" + "[".repeat(5000) + "\n",
                        "line 2: found no valid JSON",
                        "depth"),
                refused(
                        "too many keys",
                        "a.jsonl",
                        rows(
                                17,
                                i -> "{\"text\":\"a\","
                                        + rows(1000, k -> "\"k" + i + "_" + k + "\":1")
                                                .replace('\n', ',') + "}"),
                        "different keys"),
                refused("first object without keys", "a.jsonl", "{}\n", "line 1: found an object without keys"),
                refused(
                                "unknown column",
                                "a.csv",
                                GOOD,
                                "found no column 'lable', expected one of 'text', 'label'; did you mean 'label'?")
                        .with("data.label_column", "lable"),
                refused("index too high", "a.csv", GOOD, "data.label_column is 7", "columns 0 to 1")
                        .with("data.label_column", "7"),
                refused("same column twice", "a.csv", GOOD, "must be different columns")
                        .with("data.label_column", "text")
                        .with("data.text_column", "text"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void accepts(Accepted accepted) throws IOException {
        Path file = Files.write(folder.resolve(accepted.file), accepted.content);
        Dataset data = Dataset.read(config(accepted.settings).data(), file);
        assertThat(data.examples().stream().map(e -> e.text() + "=" + e.goldLabel()))
                .containsExactlyElementsOf(accepted.rows);
        assertThat(data.findings().stream()
                        .map(f -> f.kind() + f.lines() + (f.count() > f.lines().size() ? " x" + f.count() : "")))
                .containsExactlyInAnyOrderElementsOf(accepted.findings);
    }

    static Stream<Accepted> accepts() {
        List<String> rows = List.of("good film=pos", "bad film=neg");
        return Stream.of(
                accepted("plain", "a.csv", GOOD, rows),
                accepted("no last line end", "a.csv", GOOD.strip(), rows),
                accepted("byte-order mark", "a.csv", "\uFEFF" + GOOD, rows, "byte_order_mark[] x1"),
                accepted(
                        "UTF-16 with mark",
                        "a.csv",
                        ("\uFEFF" + GOOD).getBytes(StandardCharsets.UTF_16LE),
                        rows,
                        "byte_order_mark[] x1"),
                accepted(
                        "UTF-16BE with mark",
                        "a.csv",
                        ("\uFEFF" + GOOD).getBytes(StandardCharsets.UTF_16BE),
                        rows,
                        "byte_order_mark[] x1"),
                accepted("UTF-16 by option", "a.csv", GOOD.getBytes(StandardCharsets.UTF_16LE), rows)
                        .with("data.encoding", "UTF-16LE"),
                accepted(
                                "GB18030 by option",
                                "a.csv",
                                "text,label\n房间,好\n".getBytes(Charset.forName("GB18030")),
                                List.of("房间=好"),
                                "one_label[] x1")
                        .with("data.encoding", "GB18030"),
                accepted("gzip", "a.csv.gz", gzip(GOOD), rows),
                accepted("gzip without its name", "a.csv", gzip(GOOD), rows),
                accepted("named gzip but plain", "a.csv.gz", GOOD, rows, "not_gzip[] x1"),
                accepted("CR line ends", "a.csv", GOOD.replace('\n', '\r'), rows, "cr_line_ends[] x1"),
                accepted(
                        "CR line ends raw",
                        "a.tsv",
                        GOOD.replace('\n', '\r').replace(',', '\t'),
                        rows,
                        "cr_line_ends[] x1"),
                accepted("CR LF line ends", "a.csv", GOOD.replace("\n", "\r\n"), rows),
                accepted(
                        "stray CR",
                        "a.tsv",
                        "text\tlabel\ngood film\tpos\rbad film\tneg\n",
                        rows,
                        "stray_carriage_returns[2]"),
                accepted(
                        "blank lines",
                        "a.csv",
                        "text,label\n\ngood film,pos\n,\nbad film,neg\n\n",
                        rows,
                        "blank_lines[2, 4, 6]"),
                accepted("empty text", "a.csv", GOOD + " ,pos\n", rows, "empty_texts[4]"),
                accepted("missing label", "a.csv", GOOD + "x,\ny,\n", rows, "missing_labels[4, 5]"),
                accepted("NULs", "a.csv", "text,label\ngood\0 film,pos\nbad film,neg\n", rows, "nul_characters[2]"),
                accepted(
                        "label spaces",
                        "a.csv",
                        "text,label\ngood film, pos \nbad film,neg\n",
                        rows,
                        "label_spaces[2]"),
                accepted(
                        "similar labels",
                        "a.csv",
                        "text,label\na,Pos\nb,pos\nc,p os\n",
                        List.of("a=Pos", "b=pos", "c=p os"),
                        "similar_labels[2, 4, 3]"),
                accepted("one label", "a.csv", "text,label\na,x\nb,x\n", List.of("a=x", "b=x"), "one_label[] x1"),
                accepted(
                        "extra empty fields",
                        "a.csv",
                        GOOD + "x,pos,,\n",
                        List.of("good film=pos", "bad film=neg", "x=pos"),
                        "extra_empty_fields[4]"),
                accepted(
                        "short but sufficient row",
                        "a.csv",
                        "text,label,note\na,pos,n\nb,neg\n",
                        List.of("a=pos", "b=neg"),
                        "short_rows[3]"),
                accepted(
                        "duplicate other column",
                        "a.csv",
                        "x,text,x,label\n1,a,2,pos\n1,b,2,neg\n",
                        List.of("a=pos", "b=neg"),
                        "duplicate_column_names[] x1"),
                accepted(
                                "bad rows skipped",
                                "a.csv",
                                "text,label\ngood film,pos\na,b,c\nbad film,neg\nx\n",
                                rows,
                                "bad_rows[3, 5]")
                        .with("data.bad_rows", "skip"),
                accepted(
                                "bad JSON skipped",
                                "a.jsonl",
                                "{\"text\":\"good film\",\"label\":\"pos\"}\n{oops\n{\"text\":\"bad film\",\"label\":\"neg\"}\n",
                                rows,
                                "bad_rows[2]")
                        .with("data.bad_rows", "skip"),
                accepted(
                        "JSON literals",
                        "a.jsonl",
                        "{\"text\":\"a\",\"label\":1}\n{\"label\":true,\"text\":\"b\",\"more\":{\"x\":[1]}}\n",
                        List.of("a=1", "b=true"),
                        "literal_labels[1, 2]"),
                accepted(
                        "quotes with line ends",
                        "a.csv",
                        "text,label\n\"a \"\"b\"\",\n\",pos\nc,neg\n",
                        List.of("a \"b\",\n=pos", "c=neg")),
                accepted(
                        "raw quotes",
                        "a.tsv",
                        "text\tlabel\n\"a\" b\tpos\n5\" c\tneg\n",
                        List.of("\"a\" b=pos", "5\" c=neg"),
                        "quoting[] x1"),
                accepted(
                        "quoted TSV",
                        "a.tsv",
                        "text\tlabel\n\"a \"\"b\"\"\"\tpos\nc\tneg\n",
                        List.of("a \"b\"=pos", "c=neg"),
                        "quoting[] x1"),
                accepted("raw by option", "a.tsv", "text\tlabel\n\"a\"\tpos\nb\tneg\n", List.of("\"a\"=pos", "b=neg"))
                        .with("data.quoting", "raw"),
                accepted(
                        "raw but one looks quoted",
                        "a.tsv",
                        "text\tlabel\n\"a\" b\tpos\n\"c \"\"d\"\"\"\tneg\n",
                        List.of("\"a\" b=pos", "\"c \"\"d\"\"\"=neg"),
                        "quoting[] x1",
                        "looks_quoted[3]"),
                accepted("semicolons", "a.csv", GOOD.replace(',', ';'), rows, "delimiter[] x1"),
                accepted(
                        "no header",
                        "a.csv",
                        GOOD.substring(11) + "fine,pos\nawful,neg\n",
                        List.of("good film=pos", "bad film=neg", "fine=pos", "awful=neg"),
                        "header[] x1"),
                accepted(
                        "no header, labels named like columns",
                        "a.csv",
                        "what is it,question\nwow,text\nwhy,question\nso,text\nwho,question\n",
                        List.of("what is it=question", "wow=text", "why=question", "so=text", "who=question"),
                        "header[] x1"),
                accepted("no suffix", "data", GOOD, rows, "format[] x1"),
                accepted(
                        "100,000 characters",
                        "a.csv",
                        GOOD + "x".repeat(100_000) + ",pos\n",
                        List.of("good film=pos", "bad film=neg", "x".repeat(100_000) + "=pos")),
                accepted("by index", "a.csv", "a,b,c\n1,good film,pos\n2,bad film,neg\n", rows, "header[] x1")
                        .with("data.text_column", "1")
                        .with("data.label_column", "2"));
    }

    private static RunConfig config(List<Object[]> settings) {
        RunConfig config = RunConfig.defaults();
        for (Object[] setting : settings) {
            config = config.with((String) setting[0], setting[1]);
        }
        return config;
    }

    private static Refused refused(String name, String file, Object content, String... message) {
        return new Refused(name, file, toBytes(content), List.of(message), List.of());
    }

    private static Accepted accepted(String name, String file, Object content, List<String> rows, String... findings) {
        return new Accepted(name, file, toBytes(content), rows, List.of(findings), List.of());
    }

    private static byte[] toBytes(Object content) {
        return content instanceof byte[] bytes ? bytes : ((String) content).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] bytes(Object... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Object part : parts) {
            if (part instanceof Integer value) {
                out.write(value);
            } else {
                out.writeBytes(toBytes(part));
            }
        }
        return out.toByteArray();
    }

    private static byte[] gzip(Object content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(toBytes(content));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    private static String rows(int count, java.util.function.IntFunction<String> row) {
        return IntStream.range(0, count).mapToObj(row).collect(Collectors.joining("\n"));
    }

    record Refused(String name, String file, byte[] content, List<String> message, List<Object[]> settings) {
        Refused with(String path, Object value) {
            return new Refused(name, file, content, message, added(settings, path, value));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    record Accepted(
            String name,
            String file,
            byte[] content,
            List<String> rows,
            List<String> findings,
            List<Object[]> settings) {
        Accepted with(String path, Object value) {
            return new Accepted(name, file, content, rows, findings, added(settings, path, value));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static List<Object[]> added(List<Object[]> settings, String path, Object value) {
        return Stream.concat(settings.stream(), Stream.<Object[]>of(new Object[] {path, value}))
                .toList();
    }
}
