package dev.parlance.server.api;

import static dev.parlance.server.api.TestClient.body;
import static dev.parlance.server.api.TestClient.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

class TokenRoutesTest {
    private final TestClient client = new TestClient();

    @Test
    void offsets_count_code_points_when_text_has_emoji() {
        assertThat(text(client.post("/tokenize", "{\"inputs\": \"\\ud83d\\ude00b\"}")))
                .isEqualTo("[[{\"id\":100,\"text\":\"[CLS]\",\"special\":true,\"start\":null,\"stop\":null},"
                        + "{\"id\":128512,\"text\":\"\uD83D\uDE00\",\"special\":false,\"start\":0,\"stop\":1},"
                        + "{\"id\":98,\"text\":\"b\",\"special\":false,\"start\":1,\"stop\":2},"
                        + "{\"id\":200,\"text\":\"[SEP]\",\"special\":true,\"start\":null,\"stop\":null}]]");
    }

    @Test
    void leaves_special_tokens_out() {
        JsonNode tokens =
                body(client.post("/tokenize", "{\"inputs\": [\"ab\", \"c\"], \"add_special_tokens\": false}"));
        assertThat(tokens.path(0).size()).isEqualTo(2);
        assertThat(tokens.path(1).path(0).path("text").asText()).isEqualTo("c");
    }

    @Test
    void decodes_one_text_or_several() {
        assertThat(text(client.post("/decode", "{\"ids\": [100, 97, 98, 200]}")))
                .isEqualTo("[\"ab\"]");
        assertThat(text(client.post("/decode", "{\"ids\": [[100, 97], [98]], \"skip_special_tokens\": false}")))
                .isEqualTo("[\"[CLS]a\",\"b\"]");
    }

    @Test
    void a_token_id_is_a_whole_number_from_0_on() {
        assertThat(body(client.post("/decode", "{\"ids\": [[97], [98, -1]]}"))
                        .path("error")
                        .asText())
                .isEqualTo("ids[1][1]: found an integer out of range, expected a token id from 0 on");
        assertThat(body(client.post("/decode", "{\"ids\": [97, \"b\"]}"))
                        .path("error")
                        .asText())
                .isEqualTo("ids[1]: found a string, expected a token id from 0 on");
    }

    @Test
    void nothing_to_tokenize_is_a_bad_request() {
        assertThat(client.post("/tokenize", "{\"inputs\": []}").status()).isEqualTo(400);
        assertThat(client.post("/decode", "{\"ids\": []}").status()).isEqualTo(400);
    }

    @Test
    void says_what_is_served() {
        JsonNode classifier = body(client.get("/info"));
        assertThat(classifier.path("model_id").asText()).isEqualTo("reviews");
        assertThat(classifier.path("model_type").toString())
                .isEqualTo("{\"classifier\":{\"id2label\":{\"0\":\"negative\",\"1\":\"positive\",\"2\":\"neutral\"},"
                        + "\"label2id\":{\"negative\":0,\"positive\":1,\"neutral\":2}}}");
        assertThat(classifier.path("max_client_batch_size").asInt()).isEqualTo(32);
        JsonNode encoder = body(client.get("/info", "model", "unit"));
        assertThat(encoder.path("model_type").toString()).isEqualTo("{\"embedding\":{\"pooling\":\"mean\"}}");
        assertThat(encoder.path("max_input_length").asInt()).isEqualTo(128);
    }

    @Test
    void is_healthy_once_all_models_are_ready() {
        assertThat(client.get("/health").status()).isEqualTo(200);
        client.backend.ready = false;
        Reply reply = client.get("/health");
        assertThat(reply.status()).isEqualTo(503);
        assertThat(body(reply).path("error_type").asText()).isEqualTo("Unhealthy");
    }
}
