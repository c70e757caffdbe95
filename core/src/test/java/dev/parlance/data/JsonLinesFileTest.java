package dev.parlance.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlance.config.RunConfig;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLinesFileTest {
    @TempDir
    Path directory;

    @Test
    void reads_back_what_it_wrote() {
        List<Example> examples = List.of(
                new Example("two\nlines, a \"quote\" and a \t tab", null, Labels.gold("1")),
                new Example("  spaces around  ", null, Labels.gold("true")),
                new Example("物流太慢了 😀", null, Labels.gold("配送")),
                new Example("half of a pair: \ud83d.", null, Labels.gold("1")));
        assertThat(roundTrip(examples, false)).isEqualTo(examples);
    }

    @Test
    void reads_back_pairs() {
        List<Example> examples = List.of(
                new Example("a question", "an answer", Labels.gold("yes")),
                new Example("text", "label", Labels.gold("no")));
        assertThat(roundTrip(examples, true)).isEqualTo(examples);
    }

    private List<Example> roundTrip(List<Example> examples, boolean pairs) {
        Path file = directory.resolve("examples.jsonl");
        JsonLinesFile.write(file, examples);
        RunConfig odd = RunConfig.defaults()
                .with("data.format", "csv")
                .with("data.delimiter", ";")
                .with("data.encoding", "ISO-8859-1")
                .with("data.text_column", "review");
        return Dataset.read(JsonLinesFile.reading(odd, pairs).data(), file).examples();
    }
}
