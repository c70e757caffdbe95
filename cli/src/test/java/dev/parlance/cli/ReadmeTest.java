package dev.parlance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** What the README says is typed here as it stands, in a directory with tiny files of those names and a tiny model. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ReadmeTest {
    /** What each command must print; its key is how the command starts. */
    private static final Map<String, String> EXPECTED = expected();

    @TempDir
    static Path directory;

    private static Workspace workspace;

    @BeforeAll
    static void prepare() throws IOException {
        workspace = Workspace.in(directory);
    }

    private static Map<String, String> expected() {
        Map<String, String> expected = new LinkedHashMap<>();
        expected.put("train --data reviews.csv --cv", "Scores over 5 folds");
        expected.put("train", "Scores on the test data");
        expected.put("runs show", "test_macro_f1");
        expected.put("runs", "test macro_f1");
        expected.put("search", "best settings: models/best.search/best.yaml");
        expected.put("evaluate", "accuracy");
        expected.put("predict", "{\"label\":\"");
        expected.put("export", "models/sst2-int8");
        expected.put("serve", "ready");
        expected.put("data", "60 rows, 2 labels");
        expected.put("models fetch", "tiny");
        expected.put("models export", "minilm-hf");
        expected.put("models", "Apache-2.0");
        expected.put("doctor", "ok");
        return expected;
    }

    @Test
    @Order(1)
    void every_command_of_the_readme_works() throws IOException, InterruptedException {
        List<String> used = new ArrayList<>();
        for (List<String> words : Readme.read("README.md").commands()) {
            if (words.get(0).equals("quickstart")) {
                continue; // needs a pretrained model; what it is made of is tested in other places
            }
            String line = String.join(" ", words);
            String key = EXPECTED.keySet().stream()
                    .filter(start -> (line + " ").startsWith(start + " "))
                    .findFirst()
                    .orElseThrow(
                            () -> new AssertionError("the README has a command that this test does not know: " + line));
            used.add(key);
            if (key.equals("serve")) {
                servesUntilTold(words, Objects.requireNonNull(EXPECTED.get(key)));
                continue;
            }
            try (Forked process = Forked.parlance(directory, workspace.withTinyModel(words))) {
                assertThat(process.finish(0)).as(line).anyMatch(printed -> printed.contains(EXPECTED.get(key)));
            }
        }
        assertThat(used).containsAll(EXPECTED.keySet());
    }

    private static void servesUntilTold(List<String> words, String expected) throws IOException, InterruptedException {
        List<String> onFreePort = new ArrayList<>(workspace.withTinyModel(words));
        onFreePort.addAll(List.of("--port", "0"));
        try (Forked process = Forked.parlance(directory, onFreePort)) {
            process.await(expected);
            process.signal("TERM");
            process.finish(0);
        }
    }

    @Test
    @Order(2)
    void the_options_in_the_readme_work_with_their_commands() throws IOException, InterruptedException {
        String model = directory.resolve("models/sst2").toString();
        String test = directory.resolve("test.tsv").toString();
        Path html = directory.resolve("report.html");
        assertThat(Run.of("evaluate", model, "--data", test, "--json").out()).startsWith("{");
        assertThat(Run.of("evaluate", model, "--data", test, "--html", html.toString())
                        .code())
                .isZero();
        assertThat(html).content().contains("<html");
        Path output = directory.resolve("out.jsonl");
        String input = directory.resolve("file.csv").toString();
        assertThat(Run.of("predict", model, "--input", input, "--output", output.toString(), "--top-k", "3")
                        .code())
                .isZero();
        assertThat(output).content().hasLineCount(10);
        assertThat(Run.withInput("good\n", "predict", model, "--input", "-").out())
                .startsWith("{\"label\":");
    }

    @Test
    void both_languages_show_the_same_commands_and_code() throws IOException {
        Readme english = Readme.read("README.md");
        Readme chinese = Readme.read("README.zh-CN.md");
        assertThat(chinese.commands()).isEqualTo(english.commands());
        assertThat(chinese.java().replaceAll("//.*", ""))
                .isEqualTo(english.java().replaceAll("//.*", ""));
    }

    @Test
    void the_java_of_the_readme_compiles_and_runs() throws IOException, InterruptedException {
        String body = Readme.read("README.md").java();
        String tiny = body.replace(
                "RunConfig.defaults()", "RunConfig.defaults().with(\"model.model_name_or_path\", \"tiny\")");
        assertThat(tiny).isNotEqualTo(body);
        Path source = Files.writeString(
                directory.resolve("Snippet.java"),
                """
                import dev.parlance.config.*;
                import dev.parlance.data.*;
                import dev.parlance.predict.*;
                import dev.parlance.train.loop.*;
                import java.nio.file.*;
                import java.util.*;

                public class Snippet {
                    public static void main(String[] args) throws Exception {
                """ + tiny.replace("models/reviews", "models/from-java") + "    }\n}\n");
        compile(source);
        try (Forked process = Forked.java(directory, List.of(), "Snippet")) {
            assertThat(process.finish(0))
                    .anyMatch(line -> line.startsWith("accuracy "))
                    .anyMatch(line -> line.contains("positive"))
                    .noneMatch(line -> line.contains("INFO") || line.contains("WARN"));
        }
        assertThat(directory.resolve("models/from-java/model.onnx")).isNotEmptyFile();
    }

    private static void compile(Path source) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        boolean compiled = compiler.getTask(
                        messages,
                        null,
                        null,
                        List.of("-d", directory.toString(), "-cp", System.getProperty("java.class.path"), "-proc:none"),
                        null,
                        compiler.getStandardFileManager(null, null, null).getJavaFileObjects(source))
                .call();
        assertThat(compiled).as(messages.toString()).isTrue();
    }
}
