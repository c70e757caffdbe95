package dev.parlance.server.api;

import static dev.parlance.server.api.TestClient.body;
import static dev.parlance.server.api.TestClient.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parlance.data.Example;
import dev.parlance.server.engine.Refusal;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TextEmbeddingsRoutesTest {
    private static final String COMPASS = "teams/compass";

    private final TestClient client = new TestClient();

    @Test
    void embeds_a_string_as_an_array_of_one_vector_of_length_one() {
        Reply reply = client.post("/embed", "{\"inputs\": \"northeast\"}", "model", COMPASS);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(text(reply)).isEqualTo("[[0.6,0.8,0.0]]");
    }

    @Test
    void leaves_the_length_if_told_so() {
        Reply reply = client.post(
                "/embed", "{\"inputs\": [\"northeast\", \"east\"], \"normalize\": false}", "model", COMPASS);
        assertThat(text(reply)).isEqualTo("[[3.0,4.0,0.0],[2.0,0.0,0.0]]");
    }

    @Test
    void refuses_to_undo_what_the_model_itself_does() {
        Reply reply = client.post("/embed", "{\"inputs\": \"east\", \"normalize\": false}", "model", "unit");
        assertThat(reply.status()).isEqualTo(422);
        assertThat(body(reply).path("error").asText()).startsWith("normalize: found false, expected true");
        assertThat(body(reply).path("error_type").asText()).isEqualTo("Validation");
    }

    @Test
    void shortens_and_then_scales() {
        Reply reply = client.post("/embed", "{\"inputs\": \"northeast\", \"dimensions\": 1}", "model", COMPASS);
        assertThat(text(reply)).isEqualTo("[[1.0]]");
        assertThat(client.post("/embed", "{\"inputs\": \"x\", \"dimensions\": 4}", "model", COMPASS)
                        .status())
                .isEqualTo(422);
    }

    @Test
    void puts_the_prompt_before_the_text_and_names_those_there_are() {
        Reply reply = client.post("/embed", "{\"inputs\": \"east\", \"prompt_name\": \"query\"}", "model", COMPASS);
        assertThat(text(reply)).isEqualTo("[[0.0,0.0,1.0]]");
        Reply unknown = client.post("/embed", "{\"inputs\": \"east\", \"prompt_name\": \"other\"}", "model", COMPASS);
        assertThat(body(unknown).path("error").asText()).isEqualTo("prompt_name: expected one of query");
    }

    @Test
    void takes_texts_as_token_ids() {
        Reply reply = client.post("/embed", "{\"inputs\": [[100,101,97,115,116,200], \"north\"]}", "model", COMPASS);
        assertThat(text(reply)).isEqualTo("[[1.0,0.0,0.0],[0.0,1.0,0.0]]");
    }

    @Test
    void says_where_the_time_went() {
        Reply reply = client.post("/embed", "{\"inputs\": \"east\"}", "model", COMPASS);
        assertThat(reply.headers())
                .containsEntry("x-compute-type", "cpu")
                .containsEntry("x-compute-characters", "4")
                .containsEntry("x-compute-tokens", "10")
                .containsEntry("x-tokenization-time", "1")
                .containsEntry("x-queue-time", "2")
                .containsEntry("x-inference-time", "3")
                .containsKeys("x-compute-time", "x-total-time");
    }

    @Test
    void asks_the_model_of_the_body_before_that_of_the_query() {
        client.post("/embed", "{\"inputs\": \"east\", \"model\": \"unit\"}", "model", COMPASS, "version", "1");
        assertThat(client.backend.asked.get(0).model()).isEqualTo("unit");
        assertThat(client.backend.asked.get(0).version()).isEqualTo("1");
    }

    @Test
    void a_classifier_gives_no_embeddings() {
        Reply reply = client.post("/embed", "{\"inputs\": \"east\"}");
        assertThat(reply.status()).isEqualTo(424);
        assertThat(body(reply).path("error_type").asText()).isEqualTo("Backend");
    }

    @Test
    void embeddings_of_tokens_are_refused_plainly() {
        Reply reply = client.post("/embed_all", "{\"inputs\": \"east\"}", "model", COMPASS);
        assertThat(reply.status()).isEqualTo(424);
        assertThat(body(reply).path("error").asText()).contains("/embed");
    }

    @Test
    void labels_one_text_with_a_flat_array() {
        JsonNode labels = body(client.post("/predict", "{\"inputs\": \"a dull film\"}"));
        assertThat(labels.size()).isEqualTo(3);
        assertThat(labels.path(0).path("label").asText()).isEqualTo("positive");
        assertThat(labels.path(0).path("score").asDouble()).isCloseTo(0.66524, within(1e-5)); // e / (e + 1 + 1/e)
        assertThat(labels.path(2).path("label").asText()).isEqualTo("negative");
    }

    @Test
    void labels_a_batch_with_nested_arrays_and_a_pair_as_one() {
        JsonNode batch = body(client.post(
                "/predict", "{\"inputs\": [[\"a\"], [\"b\", \"c\"]], \"raw_scores\": true, \"truncate\": true}"));
        assertThat(batch.toString())
                .isEqualTo("[[{\"label\":\"positive\",\"score\":1.0},{\"label\":\"neutral\",\"score\":0.0},"
                        + "{\"label\":\"negative\",\"score\":-1.0}],[{\"label\":\"positive\",\"score\":1.0},"
                        + "{\"label\":\"neutral\",\"score\":0.0},{\"label\":\"negative\",\"score\":-1.0}]]");
        assertThat(client.backend.asked.get(0).inputs()).containsExactly(Example.of("a"), new Example("b", "c", null));
        assertThat(client.backend.asked.get(0).truncate()).isTrue();
        assertThat(body(client.post("/predict", "{\"inputs\": [\"a\", \"b\"]}"))
                        .path(0)
                        .has("label"))
                .isTrue();
    }

    @Test
    void three_strings_are_no_pair() {
        Reply reply = client.post("/predict", "{\"inputs\": [\"a\", \"b\", \"c\"]}");
        assertThat(reply.status()).isEqualTo(422);
        assertThat(body(reply).path("error").asText()).startsWith("inputs: found an array of 3, expected");
    }

    @Test
    void reranks_by_cosine_best_first() {
        String request = "{\"query\": \"east\", \"texts\": [\"west\", \"northeast\", \"north\"], \"raw_scores\": %s,"
                + " \"return_text\": %s}";
        assertThat(text(client.post("/rerank", request.formatted("true", "true"), "model", COMPASS)))
                .isEqualTo(
                        "[{\"index\":1,\"text\":\"northeast\",\"score\":0.6},{\"index\":2,\"text\":\"north\",\"score\":0.0},"
                                + "{\"index\":0,\"text\":\"west\",\"score\":-1.0}]");
        assertThat(text(client.post("/rerank", request.formatted("false", "false"), "model", COMPASS)))
                .isEqualTo("[{\"index\":1,\"score\":0.8},{\"index\":2,\"score\":0.5},{\"index\":0,\"score\":0.0}]");
    }

    @Test
    void compares_sentences() {
        Reply reply = client.post(
                "/similarity",
                "{\"inputs\": {\"source_sentence\": \"east\", \"sentences\": [\"northeast\", \"west\"]},"
                        + " \"parameters\": {\"truncate\": true}}",
                "model",
                COMPASS);
        assertThat(text(reply)).isEqualTo("[0.6,-1.0]");
    }

    @Test
    void nothing_to_do_is_a_bad_request() {
        Reply reply = client.post("/embed", "{\"inputs\": []}", "model", COMPASS);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(body(reply).path("error_type").asText()).isEqualTo("Empty");
        assertThat(client.post("/rerank", "{\"query\": \"a\", \"texts\": []}", "model", COMPASS)
                        .status())
                .isEqualTo(400);
    }

    @Test
    void overload_says_when_to_come_back() {
        client.backend.refusal = new Refusal(Refusal.Kind.OVERLOADED, "the queue is full", Duration.ofMillis(1200));
        Reply reply = client.post("/predict", "{\"inputs\": \"a\"}");
        assertThat(reply.status()).isEqualTo(429);
        assertThat(reply.headers()).containsEntry("Retry-After", "2");
        assertThat(text(reply)).isEqualTo("{\"error\":\"the queue is full\",\"error_type\":\"Overloaded\"}");
    }

    @Test
    void texts_are_cut_at_their_end_only() {
        Reply reply = client.post("/predict", "{\"inputs\": \"a\", \"truncation_direction\": \"left\"}");
        assertThat(body(reply).path("error").asText()).startsWith("truncation_direction: found left, expected right");
    }
}
