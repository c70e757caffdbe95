package dev.parlance.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlance.server.api.TextEmbeddingsBodies.EmbedRequest;
import dev.parlance.server.api.TextEmbeddingsBodies.RerankRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiJsonTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|inputs: found nothing, expected a string or an array of strings",
                "{\"inputs\": null}|inputs: found nothing, expected a string or an array of strings",
                "{\"inputs\": 3}|inputs: found an integer, expected a string, an array of strings, an array of token ids or an"
                        + " array of such arrays",
                "{\"inputs\": [\"a\", null]}|inputs[1]: found null, expected a string or an array of token ids",
                "{\"inputs\": \"a\", \"normalize\": \"true\"}|normalize: found a string, expected true or false",
                "{\"inputs\": \"a\", \"normalize\": 1}|normalize: found an integer, expected true or false",
                "{\"inputs\": \"a\", \"dimensions\": 1.5}|dimensions: found a number with a fraction, expected an integer in its"
                        + " range",
                "{\"inputs\": \"a\", \"dimensions\": \"2\"}|dimensions: found a string, expected an integer in its range",
                "{\"inputs\": \"a\", \"dimensions\": 99999999999}|dimensions: found an integer, expected a value in its range",
                "{\"inputs\": \"a\", \"prompt_name\": 3}|prompt_name: found an integer, expected a string",
                "{\"inputs\": \"a\", \"prompt_name\": true}|prompt_name: found true or false, expected a string",
                "{\"inputs\": \"a\", \"truncation_direction\": 0}|truncation_direction: found an integer, expected one of left,"
                        + " right",
                "{\"inputs\": \"a\", \"Normalize\": true}|Normalize: is no field here, expected dimensions, inputs, model,"
                        + " normalize, prompt_name, truncate, truncation_direction",
            })
    void says_where_what_was_found_and_what_was_expected(String json, String message) {
        assertThatThrownBy(() -> ApiJson.read(TestClient.json(json), EmbedRequest.class))
                .isInstanceOfSatisfying(
                        BadField.class, e -> assertThat(e.sentence()).isEqualTo(message));
    }

    @Test
    void a_body_is_an_object() {
        assertThatThrownBy(() -> ApiJson.read(null, EmbedRequest.class))
                .hasMessage("found no body, expected a JSON object");
        assertThatThrownBy(() -> ApiJson.read(TestClient.json("[1]"), EmbedRequest.class))
                .hasMessage("found an array, expected a JSON object");
    }

    @Test
    void strings_in_a_list_are_strings() {
        assertThatThrownBy(() ->
                        ApiJson.read(TestClient.json("{\"query\": \"a\", \"texts\": [\"b\", 3]}"), RerankRequest.class))
                .isInstanceOfSatisfying(BadField.class, e -> assertThat(e.sentence())
                        .isEqualTo("texts[1]: found an integer, expected a string"));
        assertThatThrownBy(() -> ApiJson.read(
                        TestClient.json("{\"query\": \"a\", \"texts\": [\"b\", null]}"), RerankRequest.class))
                .isInstanceOfSatisfying(BadField.class, e -> assertThat(e.sentence())
                        .isEqualTo("texts[1]: found null, expected a string"));
    }

    @Test
    void a_clients_own_name_is_shown_short_and_clean() {
        assertThat(ApiJson.shown("top_k\u0000\n<b>")).isEqualTo("top_k???b?");
        assertThat(ApiJson.shown("x".repeat(100))).hasSize(33);
        assertThat(ApiJson.shown("\uD83D\uDE00".repeat(100))).hasSizeLessThan(70);
    }

    @Test
    void writes_floats_as_short_as_they_can_be_read_back() {
        float[] numbers = {0.1f, -1.5e-8f, 3.4028235e38f, 0f, 1 / 3f};
        String json = new String(ApiJson.bytes(numbers), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(json).isEqualTo("[0.1,-1.5E-8,3.4028235E38,0.0,0.33333334]");
    }
}
