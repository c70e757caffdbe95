package dev.parlance.server.api;

import static dev.parlance.server.api.TestClient.body;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parlance.server.engine.ModelInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageRoutesTest {
    private final TestClient client = new TestClient();

    @TempDir
    Path directory;

    @Test
    void says_what_is_served_with_the_card() throws IOException {
        Files.writeString(directory.resolve("README.md"), "---\nlicense: mit\n---\n\n# Reviews\n\nof films\n");
        ModelInfo old = client.backend.models.get(0);
        client.backend.models.set(
                0,
                new ModelInfo(
                        old.name(),
                        old.version(),
                        old.task(),
                        old.modelType(),
                        old.maxLength(),
                        old.dimensions(),
                        old.precision(),
                        directory,
                        old.loaded()));
        JsonNode reply = body(client.get("/api/models"));
        assertThat(reply.path("default").asText()).isEqualTo("reviews");
        assertThat(reply.path("models").size()).isEqualTo(3);
        JsonNode model = reply.path("models").path(0);
        assertThat(model.path("card").asText()).isEqualTo("# Reviews\n\nof films\n");
        assertThat(model.path("versions").findValuesAsText("version")).containsExactly("1", "2");
        assertThat(model.path("versions").path(0).path("loaded").asText()).isEqualTo("2023-11-14T22:13:20Z");
        assertThat(model.path("traffic").path("default_version").asText()).isEqualTo("1");
        assertThat(reply.path("models").path(1).path("card").isNull()).isTrue();
        assertThat(reply.path("models").path(1).path("dimensions").asInt()).isEqualTo(3);
    }

    @Test
    void has_no_default_when_nothing_is_loaded() {
        client.backend.models.clear();
        JsonNode reply = body(client.get("/api/models"));
        assertThat(reply.path("default").isNull()).isTrue();
        assertThat(reply.path("models").isEmpty()).isTrue();
        assertThat(client.post("/predict", "{\"inputs\": \"a\"}").status()).isEqualTo(404);
    }

    @Test
    void gives_live_numbers() {
        JsonNode stats = body(client.get("/api/stats"));
        assertThat(stats.path("refused_total").path("overloaded").asInt()).isEqualTo(1);
        assertThat(stats.path("limits").path("max_batch_tokens").asInt()).isEqualTo(16_384);
    }
}
