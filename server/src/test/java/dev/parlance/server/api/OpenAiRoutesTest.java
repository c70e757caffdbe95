package dev.parlance.server.api;

import static dev.parlance.server.api.TestClient.body;
import static dev.parlance.server.api.TestClient.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parlance.server.engine.Refusal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class OpenAiRoutesTest {
    private final TestClient client = new TestClient();

    @Test
    void gives_embeddings_of_length_one_with_usage() {
        Reply reply =
                client.post("/v1/embeddings", "{\"model\": \"teams/compass\", \"input\": [\"northeast\", \"east\"]}");
        assertThat(text(reply))
                .isEqualTo("{\"object\":\"list\",\"data\":["
                        + "{\"object\":\"embedding\",\"embedding\":[0.6,0.8,0.0],\"index\":0},"
                        + "{\"object\":\"embedding\",\"embedding\":[1.0,0.0,0.0],\"index\":1}],"
                        + "\"model\":\"teams/compass\",\"usage\":{\"prompt_tokens\":20,\"total_tokens\":20}}");
    }

    @Test
    void base64_is_little_endian_float32() {
        Reply reply = client.post(
                "/v1/embeddings",
                "{\"model\": \"unit\", \"input\": \"northeast\", \"encoding_format\": \"base64\", \"user\": \"u\"}");
        byte[] bytes = Base64.getDecoder()
                .decode(body(reply).path("data").path(0).path("embedding").asText());
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(bytes).hasSize(12);
        assertThat(buffer.getFloat()).isEqualTo(0.6f);
        assertThat(buffer.getFloat()).isEqualTo(0.8f);
    }

    @Test
    void takes_token_ids_of_one_text_or_several() {
        String one = "{\"model\": \"unit\", \"input\": [101, 97, 115, 116]}";
        String two = "{\"model\": \"unit\", \"input\": [[101, 97, 115, 116], [110, 111, 114, 116, 104]]}";
        assertThat(body(client.post("/v1/embeddings", one)).path("data").size()).isEqualTo(1);
        JsonNode data = body(client.post("/v1/embeddings", two)).path("data");
        assertThat(data.path(0).path("embedding").toString()).isEqualTo("[1.0,0.0,0.0]");
        assertThat(data.path(1).path("embedding").toString()).isEqualTo("[0.0,1.0,0.0]");
    }

    @Test
    void an_error_names_the_field() {
        Reply reply = client.post("/v1/embeddings", "{\"model\": \"unit\", \"input\": [\"a\", 3]}");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(text(reply))
                .isEqualTo(
                        "{\"error\":{\"message\":\"input[1]: found an integer, expected a string or an array of token"
                                + " ids\",\"type\":\"invalid_request_error\",\"param\":\"input[1]\",\"code\":null}}");
    }

    @Test
    void an_unknown_format_is_told_the_known_ones() {
        JsonNode error = body(client.post(
                        "/v1/embeddings", "{\"model\": \"unit\", \"input\": \"a\", \"encoding_format\": \"hex\"}"))
                .path("error");
        assertThat(error.path("message").asText())
                .isEqualTo("encoding_format: found a string, expected one of float, base64");
    }

    @Test
    void an_unknown_model_has_its_code() {
        Reply reply = client.post("/v1/embeddings", "{\"model\": \"none\", \"input\": \"a\"}");
        assertThat(reply.status()).isEqualTo(404);
        assertThat(body(reply).path("error").path("code").asText()).isEqualTo("model_not_found");
    }

    @Test
    void a_classifier_gives_no_embeddings() {
        assertThat(client.post("/v1/embeddings", "{\"model\": \"reviews\", \"input\": \"a\"}")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void overload_is_a_rate_limit() {
        client.backend.refusal = new Refusal(Refusal.Kind.OVERLOADED, "the queue is full");
        Reply reply = client.post("/v1/embeddings", "{\"model\": \"unit\", \"input\": \"a\"}");
        assertThat(reply.status()).isEqualTo(429);
        assertThat(body(reply).path("error").path("code").asText()).isEqualTo("rate_limit_exceeded");
    }

    @Test
    void lists_each_model_once() {
        JsonNode models = body(client.get("/v1/models"));
        assertThat(models.path("data").findValuesAsText("id")).containsExactly("reviews", "teams/compass", "unit");
        assertThat(models.path("data").path(0).path("created").asLong()).isEqualTo(1_700_000_000);
        assertThat(body(client.get("/v1/models/{model+}", "model", "teams/compass"))
                        .path("object")
                        .asText())
                .isEqualTo("model");
        assertThat(client.get("/v1/models/{model+}", "model", "none").status()).isEqualTo(404);
    }
}
