package dev.parlance.server.api;

import static dev.parlance.server.api.TestClient.body;
import static dev.parlance.server.api.TestClient.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parlance.data.Example;
import org.junit.jupiter.api.Test;

class KServeRoutesTest {
    private static final String INFER = "/v2/models/{model+}/infer";
    private static final String TEXT = "{\"name\": \"text\", \"shape\": [%s], \"datatype\": \"BYTES\", \"data\": [%s]}";

    private final TestClient client = new TestClient();

    @Test
    void a_classifier_gives_label_score_and_probabilities() {
        String json = "{\"id\": \"7\", \"inputs\": [" + TEXT.formatted("2", "\"a\", \"fine\"") + "]}";
        JsonNode reply = body(client.post(INFER, json, "model", "reviews"));
        assertThat(reply.path("model_name").asText()).isEqualTo("reviews");
        assertThat(reply.path("model_version").asText()).isEqualTo("1");
        assertThat(reply.path("id").asText()).isEqualTo("7");
        JsonNode outputs = reply.path("outputs");
        assertThat(outputs.findValuesAsText("name")).containsExactly("label", "score", "probabilities");
        assertThat(outputs.path(0).path("data").toString()).isEqualTo("[\"positive\",\"positive\"]");
        assertThat(outputs.path(0).path("datatype").asText()).isEqualTo("BYTES");
        assertThat(outputs.path(2).path("shape").toString()).isEqualTo("[2,3]");
        assertThat(outputs.path(2).path("datatype").asText()).isEqualTo("FP32");
        assertThat(outputs.path(2).path("data").path(1).asDouble()).isCloseTo(0.66524, within(1e-5));
        assertThat(outputs.path(1).path("data").path(0).asDouble())
                .isEqualTo(outputs.path(2).path("data").path(1).asDouble());
    }

    @Test
    void an_encoder_gives_embeddings_row_by_row() {
        String json = "{\"inputs\": [" + TEXT.formatted("2, 1", "[\"east\"], [\"north\"]") + "]}";
        assertThat(text(client.post(INFER, json, "model", "teams/compass")))
                .isEqualTo(
                        "{\"model_name\":\"teams/compass\",\"model_version\":\"1\",\"outputs\":[{\"name\":\"embedding\","
                                + "\"datatype\":\"FP32\",\"shape\":[2,3],\"data\":[2.0,0.0,0.0,0.0,3.0,0.0]}]}");
    }

    @Test
    void pairs_come_as_two_tensors() {
        String json = "{\"inputs\": [" + TEXT.formatted("1", "\"b\"").replace("\"text\"", "\"text_pair\"") + ","
                + TEXT.formatted("1", "\"a\"") + "], \"parameters\": {\"truncate\": true}}";
        client.post(INFER, json, "model", "reviews");
        assertThat(client.backend.asked.get(0).inputs()).containsExactly(new Example("a", "b", null));
        assertThat(client.backend.asked.get(0).truncate()).isTrue();
        assertThat(client.post(INFER, json, "model", "unit").status()).isEqualTo(400);
    }

    @Test
    void gives_the_outputs_that_are_asked_for() {
        String json = "{\"inputs\": [" + TEXT.formatted("1", "\"a\"") + "], \"outputs\": [{\"name\": \"score\"},"
                + " {\"name\": \"probabilities\", \"parameters\": {\"classification\": 2}}]}";
        JsonNode outputs = body(client.post(INFER, json, "model", "reviews")).path("outputs");
        assertThat(outputs.findValuesAsText("name")).containsExactly("score", "probabilities");
        assertThat(outputs.path(1).path("shape").toString()).isEqualTo("[1,2]");
        assertThat(outputs.path(1).path("data").path(0).asText()).matches("0\\.6652\\d*:1:positive");
        assertThat(outputs.path(1).path("data").path(1).asText()).endsWith(":2:neutral");
    }

    @Test
    void an_output_that_does_not_exist_is_refused() {
        String json = "{\"inputs\": [" + TEXT.formatted("1", "\"a\"") + "], \"outputs\": [{\"name\": \"embedding\"}]}";
        Reply reply = client.post(INFER, json, "model", "reviews");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(text(reply))
                .isEqualTo("{\"error\":\"outputs[0].name: found another name, expected one of label, score,"
                        + " probabilities\"}");
    }

    @Test
    void a_shape_must_fit_the_data() {
        assertThat(error(TEXT.formatted("3", "\"a\"")))
                .isEqualTo("inputs[0].shape: does not fit the data, expected [1] or [1, 1] for 1 strings");
        assertThat(error(TEXT.formatted("1", "3"))).isEqualTo("inputs[0].data[0]: found an integer, expected a string");
        assertThat(error(TEXT.formatted("1", "\"a\"").replace("BYTES", "FP32")))
                .isEqualTo("inputs[0].datatype: found another type, expected BYTES");
        assertThat(error(TEXT.formatted("1.5", "\"a\"")))
                .startsWith("inputs[0].shape[0]: found a number with a fraction");
        assertThat(error(TEXT.formatted("1", "\"a\"").replace("\"text\"", "\"args\"")))
                .isEqualTo("inputs[0].name: found another name, expected text or text_pair");
    }

    private String error(String tensor) {
        Reply reply = client.post(INFER, "{\"inputs\": [" + tensor + "]}", "model", "reviews");
        assertThat(reply.status()).isEqualTo(400);
        return body(reply).path("error").asText();
    }

    @Test
    void tensors_in_binary_are_refused() {
        String json = "{\"inputs\": [" + TEXT.formatted("1", "\"a\"") + "], \"parameters\":"
                + " {\"binary_data_output\": true}}";
        assertThat(body(client.post(INFER, json, "model", "reviews"))
                        .path("error")
                        .asText())
                .startsWith("parameters.binary_data_output: found true");
    }

    @Test
    void asks_the_version_of_the_path() {
        String json = "{\"inputs\": [" + TEXT.formatted("1", "\"a\"") + "]}";
        JsonNode reply = body(
                client.post("/v2/models/{model+}/versions/{version}/infer", json, "model", "reviews", "version", "2"));
        assertThat(reply.path("model_version").asText()).isEqualTo("2");
    }

    @Test
    void says_what_a_model_takes_and_gives() {
        JsonNode classifier = body(client.get("/v2/models/{model+}", "model", "reviews"));
        assertThat(classifier.path("versions").toString()).isEqualTo("[\"1\",\"2\"]");
        assertThat(classifier.path("inputs").findValuesAsText("name")).containsExactly("text", "text_pair");
        assertThat(classifier.path("outputs").path(2).path("shape").toString()).isEqualTo("[-1,3]");
        JsonNode encoder = body(client.get("/v2/models/{model+}", "model", "unit"));
        assertThat(encoder.path("outputs").path(0).path("shape").toString()).isEqualTo("[-1,3]");
    }

    @Test
    void says_whether_it_is_ready() {
        assertThat(text(client.get("/v2/health/live"))).isEqualTo("{\"live\":true}");
        assertThat(text(client.get("/v2/health/ready"))).isEqualTo("{\"ready\":true}");
        assertThat(text(client.get("/v2/models/{model+}/ready", "model", "unit")))
                .isEqualTo("{\"name\":\"unit\",\"ready\":true}");
        client.backend.ready = false;
        assertThat(client.get("/v2/health/ready").status()).isEqualTo(503);
        assertThat(client.get("/v2/models/{model+}/ready", "model", "none").status())
                .isEqualTo(404);
        assertThat(body(client.get("/v2")).path("name").asText()).isEqualTo("parlance");
    }
}
