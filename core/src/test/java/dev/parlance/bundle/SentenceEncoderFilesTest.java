package dev.parlance.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlance.config.UserError;
import dev.parlance.task.Pooling;
import dev.parlance.task.SentenceEmbedding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SentenceEncoderFilesTest {
    @TempDir
    private Path directory;

    @BeforeEach
    void write_an_encoder() throws IOException {
        Files.writeString(directory.resolve("config.json"), """
                {"architectures": ["BertModel"], "model_type": "bert", "hidden_size": 8, "max_position_embeddings": 512}""");
        Files.writeString(directory.resolve("tokenizer.json"), "{}");
    }

    @Test
    void a_plain_encoder_averages_its_tokens() {
        ModelBundle bundle = ModelBundle.open(directory);
        assertThat(bundle.task()).isEqualTo(new SentenceEmbedding(8, List.of(Pooling.MEAN), false, Map.of(), null));
        assertThat(bundle.maxLength()).isEqualTo(512);
    }

    @Test
    void reads_what_it_writes() throws IOException {
        SentenceEmbedding embedding =
                new SentenceEmbedding(8, List.of(Pooling.CLS, Pooling.MEAN), true, Map.of("query", "find: "), "query");
        SentenceEncoderFiles.write(directory, embedding, 100);
        ModelBundle bundle = ModelBundle.open(directory);
        assertThat(bundle.task()).isEqualTo(embedding);
        assertThat(bundle.maxLength()).isEqualTo(100);
        assertThat(SentenceEncoderFiles.ALL).allMatch(name -> Files.exists(directory.resolve(name)));
    }

    @Test
    void refuses_a_part_that_it_cannot_compute() throws IOException {
        Files.writeString(directory.resolve("modules.json"), """
                [{"idx": 0, "path": "", "type": "sentence_transformers.models.Transformer"},
                 {"idx": 1, "path": "2_Dense", "type": "sentence_transformers.models.Dense"}]""");
        assertThatThrownBy(() -> ModelBundle.open(directory))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("models.Dense");
    }

    @Test
    void refuses_a_part_outside_the_directory() throws IOException {
        Files.writeString(directory.resolve("modules.json"), """
                [{"idx": 1, "path": "../other", "type": "sentence_transformers.models.Pooling"}]""");
        assertThatThrownBy(() -> ModelBundle.open(directory))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("names the part '../other'");
    }
}
