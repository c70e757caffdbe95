package dev.parlance.train.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlance.config.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncoderConfigTest {
    private static final String BERT = "{\"model_type\":\"bert\",\"vocab_size\":10,\"hidden_size\":8,"
            + "\"num_hidden_layers\":1,\"num_attention_heads\":2,\"intermediate_size\":16,"
            + "\"max_position_embeddings\":32%s}";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Test
    void fills_what_is_absent_as_transformers_does() throws IOException {
        EncoderConfig config = read(BERT.formatted(""));
        assertThat(config.hiddenDropout()).isEqualTo(0.1);
        assertThat(config.classifierDropout()).isEqualTo(0.1);
        assertThat(config.layerNormEps()).isEqualTo(1e-12);
        assertThat(config.takesTokenTypeIds()).isTrue();
        assertThat(config.maxTokens()).isEqualTo(32);
    }

    @Test
    void roberta_loses_the_positions_before_its_first() throws IOException {
        EncoderConfig config = read(BERT.replace("\"bert\"", "\"roberta\"").formatted(",\"pad_token_id\":1"));
        assertThat(config.maxTokens()).isEqualTo(30);
    }

    @Test
    void says_what_is_wrong_with_a_config() {
        refuses(
                BERT.replace("\"bert\"", "\"gpt2\"").formatted(""),
                "model_type is 'gpt2'; expected one of bert, roberta");
        refuses(BERT.replace("\"hidden_size\":8,", "").formatted(""), "hidden_size is missing");
        refuses(BERT.formatted(",\"hidden_act\":\"mish\""), "hidden_act is 'mish'");
        refuses(BERT.formatted(",\"position_embedding_type\":\"relative_key\""), "only absolute is implemented");
        refuses(BERT.formatted(",\"is_decoder\":true"), "is a decoder");
        refuses(BERT.formatted(",\"pad_token_id\":10"), "pad_token_id is 10; expected 0 to 9");
        refuses(BERT.formatted(",\"hidden_dropout_prob\":1.0"), "expected at least 0 and below 1");
        refuses(BERT.replace("heads\":2", "heads\":3").formatted(""), "3 attention heads do not divide");
        refuses("{", "no readable JSON file");
    }

    private void refuses(String json, String message) {
        assertThatThrownBy(() -> read(json)).isInstanceOf(UserError.class).hasMessageContaining(message);
    }

    private EncoderConfig read(String json) throws IOException {
        return EncoderConfig.read(Files.writeString(directory.resolve("config.json"), json));
    }
}
