package dev.parlance.server.api;

import static dev.parlance.server.api.TestClient.body;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parlance.server.engine.Engine;
import dev.parlance.server.engine.EngineOptions;
import dev.parlance.server.engine.ModelSpec;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The routes over a real engine with a real, tiny model. */
@Timeout(60)
class EngineBackendTest {
    private final Engine engine = new Engine(EngineOptions.defaults(), new SimpleMeterRegistry());
    private final TestClient client = new TestClient(Routes.of(engine));

    @BeforeEach
    void load() throws URISyntaxException {
        Path config = Path.of(Objects.requireNonNull(
                        EngineBackendTest.class.getResource("/dev/parlance/server/engine/words/config.json"))
                .toURI());
        engine.models().load(new ModelSpec("words", "1", config.resolveSibling("")));
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void labels_texts_in_every_dialect() {
        JsonNode labels = body(client.post("/predict", "{\"inputs\": [[\"good\"], [\"bad\"]]}"));
        assertThat(labels.path(0).path(0).path("label").asText()).isEqualTo("positive");
        assertThat(labels.path(1).path(0).path("label").asText()).isEqualTo("negative");
        JsonNode same = body(client.post("/models/{model+}", "{\"inputs\": \"good\"}", "model", "words"));
        assertThat(same.path(0).path(0)).isEqualTo(labels.path(0).path(0));
        JsonNode outputs = body(client.post(
                        "/v2/models/{model+}/infer",
                        "{\"inputs\": [{\"name\": \"text\", \"shape\": [1], \"datatype\": \"BYTES\", \"data\": [\"good\"]}]}",
                        "model",
                        "words"))
                .path("outputs");
        assertThat(outputs.path(0).path("data").path(0).asText()).isEqualTo("positive");
        assertThat(outputs.path(1).path("data").path(0))
                .isEqualTo(labels.path(0).path(0).path("score"));
    }

    @Test
    void names_the_special_tokens_that_the_tokenizer_adds() {
        JsonNode tokens = body(client.post("/tokenize", "{\"inputs\": \"a \\ud83d\\ude00 good\"}"))
                .path(0);
        assertThat(tokens.path(0).path("text").asText()).isEqualTo("[CLS]");
        assertThat(tokens.path(0).path("special").asBoolean()).isTrue();
        JsonNode good = tokens.path(tokens.size() - 2);
        assertThat(good.path("text").asText()).isEqualTo("good");
        assertThat(good.path("start").asInt()).isEqualTo(4);
        assertThat(good.path("stop").asInt()).isEqualTo(8);
        String ids =
                "[" + tokens.path(0).path("id").asInt() + "," + good.path("id").asInt() + "]";
        assertThat(body(client.post("/decode", "{\"ids\": " + ids + "}"))
                        .path(0)
                        .asText())
                .isEqualTo("good");
    }

    @Test
    void refuses_what_is_too_long_unless_it_may_be_cut() {
        String text = "good ".repeat(100);
        Reply refused = client.post("/predict", "{\"inputs\": \"" + text + "\"}");
        assertThat(refused.status()).isEqualTo(413);
        assertThat(body(refused).path("error_type").asText()).isEqualTo("Validation");
        assertThat(client.post("/predict", "{\"inputs\": \"" + text + "\", \"truncate\": true}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void counts_what_it_did() {
        client.post("/predict", "{\"inputs\": [[\"good\"], [\"bad\"]]}");
        client.post("/predict", "{\"inputs\": \"" + "good ".repeat(100) + "\"}");
        JsonNode stats = body(client.get("/api/stats"));
        assertThat(stats.path("ready").asBoolean()).isTrue();
        assertThat(stats.path("requests_total").asInt()).isEqualTo(2);
        assertThat(stats.path("refused_total").path("too_large").asInt()).isEqualTo(1);
        assertThat(stats.path("in_flight").asInt()).isZero();
        JsonNode words = stats.path("models").path(0);
        assertThat(words.path("name").asText()).isEqualTo("words");
        assertThat(words.path("inputs_total").asInt()).isEqualTo(2);
        assertThat(words.path("tokens_total").asInt()).isEqualTo(6);
        assertThat(words.path("padding_total").asInt()).isNotNegative();
        assertThat(stats.path("limits").path("max_client_batch_size").asInt())
                .isEqualTo(EngineOptions.defaults().maxClientBatchSize());
    }

    @Test
    void says_what_it_is() {
        JsonNode info = body(client.get("/info"));
        assertThat(info.path("max_input_length").asInt()).isEqualTo(64);
        assertThat(info.path("tokenization_workers").asInt()).isPositive();
        assertThat(body(client.get("/api/models"))
                        .path("models")
                        .path(0)
                        .path("card")
                        .asText())
                .startsWith("# A classifier of ten words");
        assertThat(body(client.get("/v1/models")).path("data").findValuesAsText("id"))
                .isEqualTo(List.of("words"));
    }
}
