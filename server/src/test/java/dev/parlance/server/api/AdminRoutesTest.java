package dev.parlance.server.api;

import static dev.parlance.server.api.TestClient.body;
import static dev.parlance.server.api.TestClient.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

class AdminRoutesTest {
    private final TestClient client = new TestClient();

    @Test
    void loads_a_version() {
        Reply reply = client.post(
                "/admin/models", "{\"name\": \"reviews\", \"version\": \"3\", \"directory\": \"/models/good\"}");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(body(reply).path("version").asText()).isEqualTo("3");
        assertThat(body(client.get("/admin/models/{model+}", "model", "reviews"))
                        .path("versions")
                        .findValuesAsText("version"))
                .containsExactly("1", "2", "3");
    }

    @Test
    void a_directory_that_is_no_model_is_the_administrators_mistake() {
        Reply reply = client.post(
                "/admin/models", "{\"name\": \"reviews\", \"version\": \"3\", \"directory\": \"/models/bad\"}");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(body(reply).path("error").asText())
                .isEqualTo("/models/bad is no directory, expected one of a trained model");
    }

    @Test
    void a_name_has_no_tricks() {
        for (String name : new String[] {"", "a b", "../a\\nb", "a//b", "/a", "a".repeat(201)}) {
            String json = "{\"name\": \"%s\", \"version\": \"3\", \"directory\": \"/models/good\"}".formatted(name);
            Reply reply = client.post("/admin/models", json);
            assertThat(reply.status()).as(name).isEqualTo(400);
            assertThat(body(reply).path("error").asText()).startsWith("name: found something else, expected letters");
        }
        assertThat(body(client.post("/admin/models", "{\"name\": \"a\", \"directory\": \"b\"}"))
                        .path("error")
                        .asText())
                .startsWith("version: found nothing, expected letters");
    }

    @Test
    void unloads_a_version_or_all() {
        Reply one = client.call(
                "DELETE", "/admin/models/{model+}/versions/{version}", "", "model", "reviews", "version", "2");
        assertThat(one.status()).isEqualTo(200);
        assertThat(client.call("DELETE", "/admin/models/{model+}", "", "model", "unit")
                        .status())
                .isEqualTo(200);
        JsonNode left = body(client.get("/admin/models"));
        assertThat(left.path("models").findValuesAsText("version")).containsExactly("1", "1");
        assertThat(client.call("DELETE", "/admin/models/{model+}", "", "model", "unit")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void says_which_versions_answer() {
        String path = "/admin/models/{model+}/traffic";
        String json = "{\"default_version\": \"2\", \"canary\": \"1\", \"canary_percent\": 12.5}";
        Reply reply = client.call("PUT", path, json, "model", "reviews");
        String expected = "{\"default_version\":\"2\",\"canary\":\"1\",\"canary_percent\":12.5,\"shadow\":null}";
        assertThat(text(reply)).isEqualTo(expected);
        assertThat(text(client.get(path, "model", "reviews"))).isEqualTo(expected);
        assertThat(client.call("PUT", path, "{\"default_version\": \"9\"}", "model", "reviews")
                        .status())
                .isEqualTo(404);
        assertThat(body(client.call(
                                "PUT",
                                path,
                                "{\"default_version\": \"1\", \"canary_percent\": 101}",
                                "model",
                                "reviews"))
                        .path("error")
                        .asText())
                .isEqualTo("canary_percent: found a number out of range, expected one from 0 to 100");
    }

    @Test
    void all_of_it_is_for_administrators() {
        assertThat(client.routes)
                .filteredOn(route -> route.path().startsWith("/admin"))
                .hasSize(7)
                .allMatch(route -> route.access() == Route.Access.ADMIN);
    }
}
