package dev.parlance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluateCommandTest {
    @TempDir
    Path directory;

    @Test
    void measures_as_a_table_as_json_and_as_html() throws IOException {
        try (SelfTestModel model = SelfTestModel.unpack()) {
            Path data = directory.resolve("data.tsv");
            Files.writeString(data, "text\tlabel\ngood\tpositive\nbad\tnegative\nfine\tnegative\nbroken\tnegative\n");
            Path html = directory.resolve("report.html");
            String[] words = {"evaluate", model.directory().toString(), "--data", data.toString()};

            Run table = Run.of(words);
            assertThat(table.code()).isZero();
            assertThat(table.out()).startsWith("accuracy 0.7500 on 4 examples");

            Run json = Run.of(words[0], words[1], words[2], words[3], "--json", "--html", html.toString());
            assertThat(json.out()).startsWith("{").contains("\"accuracy\": 0.75");
            assertThat(html).content().contains("<html").contains("positive");
        }
    }

    @Test
    void refuses_a_label_that_the_model_does_not_know() throws IOException {
        try (SelfTestModel model = SelfTestModel.unpack()) {
            Path data = directory.resolve("data.tsv");
            Files.writeString(data, "text\tlabel\ngood\tpositve\nbad\tnegative\n");
            Run run = Run.of("evaluate", model.directory().toString(), "--data", data.toString());
            assertThat(run.code()).isEqualTo(2);
            assertThat(run.err()).contains("'positve'").contains("did the data mean 'positive'?");
        }
    }
}
