package dev.parlance.server.api;

import static dev.parlance.server.api.TestClient.body;
import static dev.parlance.server.api.TestClient.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parlance.data.Example;
import org.junit.jupiter.api.Test;

class HuggingFaceRoutesTest {
    private static final String PATH = "/models/{model+}";

    private final TestClient client = new TestClient();

    @Test
    void one_text_is_labelled_in_an_array_of_its_own() {
        JsonNode labels = body(client.post(PATH, "{\"inputs\": \"a dull film\"}", "model", "reviews"));
        assertThat(labels.size()).isEqualTo(1);
        assertThat(labels.path(0).findValuesAsText("label")).containsExactly("positive", "neutral", "negative");
    }

    @Test
    void gives_as_many_labels_as_asked_for() {
        String json = "{\"inputs\": [\"a\", {\"text\": \"b\", \"text_pair\": \"c\"}], \"parameters\": {\"top_k\": 1},"
                + " \"options\": {\"wait_for_model\": true}}";
        JsonNode labels = body(client.post(PATH, json, "model", "reviews"));
        assertThat(labels.size()).isEqualTo(2);
        assertThat(labels.path(1).size()).isEqualTo(1);
        assertThat(client.backend.asked.get(0).inputs()).containsExactly(Example.of("a"), new Example("b", "c", null));
    }

    @Test
    void applies_the_function_that_is_asked_for() {
        String json = "{\"inputs\": \"a\", \"parameters\": {\"function_to_apply\": \"%s\", \"truncation\": true}}";
        JsonNode none = body(client.post(PATH, json.formatted("none"), "model", "reviews"));
        JsonNode sigmoid = body(client.post(PATH, json.formatted("sigmoid"), "model", "reviews"));
        assertThat(none.path(0).path(0).path("score").asDouble()).isEqualTo(1);
        assertThat(sigmoid.path(0).path(0).path("score").asDouble()).isCloseTo(0.73106, within(1e-5)); // 1/(1+1/e)
        assertThat(sigmoid.path(0).path(1).path("score").asDouble()).isEqualTo(0.5);
        assertThat(client.backend.asked.get(0).truncate()).isTrue();
    }

    @Test
    void an_unknown_parameter_is_named() {
        Reply reply = client.post(PATH, "{\"inputs\": \"a\", \"parameters\": {\"topk\": 1}}", "model", "reviews");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(text(reply))
                .isEqualTo("{\"error\":\"parameters.topk: is no field here, expected function_to_apply, top_k,"
                        + " truncation\"}");
        assertThat(body(client.post(PATH, "{\"inputs\": \"a\", \"parameters\": {\"top_k\": 0}}", "model", "reviews"))
                        .path("error")
                        .asText())
                .isEqualTo("parameters.top_k: found 0, expected a number from 1 on");
    }

    @Test
    void an_encoder_gives_embeddings_as_its_directory_says() {
        assertThat(text(client.post(PATH, "{\"inputs\": \"northeast\"}", "model", "teams/compass")))
                .isEqualTo("[[3.0,4.0,0.0]]");
        assertThat(text(client.post(PATH, "{\"inputs\": [\"northeast\"]}", "model", "unit")))
                .isEqualTo("[[0.6,0.8,0.0]]");
    }

    @Test
    void parameters_of_embeddings_may_stand_beside_the_inputs() {
        assertThat(text(client.post(
                        PATH,
                        "{\"inputs\": \"northeast\", \"normalize\": true, \"truncate\": true}",
                        "model",
                        "teams/compass")))
                .isEqualTo("[[0.6,0.8,0.0]]");
        assertThat(text(client.post(
                        PATH,
                        "{\"inputs\": \"east\", \"parameters\": {\"prompt_name\": \"query\"}}",
                        "model",
                        "teams/compass")))
                .isEqualTo("[[0.0,0.0,5.0]]");
        assertThat(client.backend.asked.get(0).truncate()).isTrue();
    }

    @Test
    void an_encoder_compares_when_the_inputs_are_an_object() {
        String json = "{\"inputs\": {\"source_sentence\": \"east\", \"sentences\": [\"northeast\", \"north\"]}}";
        assertThat(text(client.post(PATH, json, "model", "teams/compass"))).isEqualTo("[0.6,0.0]");
        assertThat(text(client.post(PATH + "/pipeline/sentence-similarity", json, "model", "teams/compass")))
                .isEqualTo("[0.6,0.0]");
    }

    @Test
    void a_pipeline_that_the_model_is_not_for_is_refused() {
        Reply reply = client.post(PATH + "/pipeline/feature-extraction", "{\"inputs\": \"a\"}", "model", "reviews");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(client.post(PATH + "/pipeline/text-classification", "{\"inputs\": \"a\"}", "model", "unit")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void asks_the_version_of_the_query() {
        client.post(PATH, "{\"inputs\": \"a\"}", "model", "reviews", "version", "2");
        assertThat(client.backend.asked.get(0).version()).isEqualTo("2");
        assertThat(client.post(PATH, "{\"inputs\": \"a\"}", "model", "reviews", "version", "9")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void says_what_a_model_is() {
        JsonNode model = body(client.get(PATH, "model", "reviews"));
        assertThat(model.path("pipeline_tag").asText()).isEqualTo("text-classification");
        assertThat(model.path("versions").toString()).isEqualTo("[\"1\",\"2\"]");
        assertThat(client.get(PATH, "model", "none").status()).isEqualTo(404);
    }
}
