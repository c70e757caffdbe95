package dev.parlance.server.api;

import static dev.parlance.server.api.TestClient.body;
import static dev.parlance.server.api.TestClient.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parlance.server.engine.Refusal.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OpenApiTest {
    private final TestClient client = new TestClient();
    private final JsonNode document = body(client.get("/openapi.json"));

    private List<Route> documented() {
        return client.routes.stream().filter(route -> route.doc() != null).toList();
    }

    private JsonNode operation(Route route) {
        String path = route.path().replace("+}", "}");
        return document.path("paths").path(path).path(route.method().toLowerCase(Locale.ROOT));
    }

    @Test
    void every_route_of_the_api_is_in_the_document() {
        assertThat(document.path("openapi").asText()).isEqualTo("3.1.0");
        for (Route route : documented()) {
            RouteDoc doc = Objects.requireNonNull(route.doc());
            JsonNode operation = operation(route);
            assertThat(operation.path("operationId").asText()).isEqualTo(doc.id());
            assertThat(operation.path("summary").asText()).isNotBlank();
            assertThat(operation.path("responses").size()).isPositive();
        }
        assertThat(client.routes)
                .filteredOn(route -> route.doc() == null)
                .extracting(Route::path)
                .containsExactly("/openapi.json", "/docs", "/docs/{file}");
    }

    @Test
    void operations_have_ids_of_their_own() {
        Set<String> ids = new HashSet<>();
        for (Route route : documented()) {
            assertThat(ids.add(Objects.requireNonNull(route.doc()).id()))
                    .as(route.path())
                    .isTrue();
        }
    }

    @Test
    void examples_are_requests_that_can_be_read() {
        int examples = 0;
        for (Route route : documented()) {
            for (RouteDoc.Request request : Objects.requireNonNull(route.doc()).requests()) {
                assertThatCode(() -> ApiJson.read(TestClient.json(request.example()), request.type()))
                        .as(route.path() + " " + request.example())
                        .doesNotThrowAnyException();
                examples++;
            }
        }
        assertThat(examples).isGreaterThan(20);
    }

    @Test
    void every_route_with_a_body_says_which_and_fails_as_it_says() {
        for (Route route : documented()) {
            boolean takesBody = route.method().equals("POST") || route.method().equals("PUT");
            RouteDoc doc = Objects.requireNonNull(route.doc());
            assertThat(doc.requests().isEmpty()).as(route.path()).isEqualTo(!takesBody);
            if (takesBody) {
                assertThat(doc.refusals()).contains(Kind.VALIDATION);
                Map<String, String> path =
                        Map.of("model", doc.id().contains("feature") ? "unit" : "reviews", "version", "1");
                Call empty = new Call(path, Map.of("model", "unit"), Map.of(), TestClient.json("{\"nonsense\": 1}"));
                Reply reply =
                        route.handler().handle(empty).toCompletableFuture().join();
                assertThat(operation(route).path("responses").has(Integer.toString(reply.status())))
                        .as(route.path() + " " + text(reply))
                        .isTrue();
                assertThat(reply.status()).as(route.path()).isBetween(400, 424);
            }
        }
    }

    @Test
    void every_reference_leads_somewhere() {
        List<String> references = new ArrayList<>();
        document.findValuesAsText("$ref", references);
        assertThat(references).isNotEmpty().allSatisfy(reference -> {
            assertThat(reference).startsWith("#/components/schemas/");
            assertThat(document.at(reference.substring(1)).isObject())
                    .as(reference)
                    .isTrue();
        });
    }

    @Test
    void a_schema_says_what_its_record_takes() {
        JsonNode schema = document.at("/components/schemas/EmbedRequest");
        assertThat(schema.path("required").toString()).isEqualTo("[\"inputs\"]");
        assertThat(schema.path("additionalProperties").asBoolean(true)).isFalse();
        JsonNode properties = schema.path("properties");
        assertThat(List.copyOf(iterable(properties)))
                .containsExactlyInAnyOrder(
                        "inputs",
                        "normalize",
                        "truncate",
                        "truncation_direction",
                        "prompt_name",
                        "dimensions",
                        "model");
        assertThat(properties.path("normalize").path("default").asBoolean()).isTrue();
        assertThat(document.at("/components/schemas/TextsOrIds/anyOf").size()).isEqualTo(4);
        assertThat(document.at("/components/schemas/ModelsReply/properties").has("default"))
                .isTrue();
        assertThat(document.at("/components/schemas/ServedVersion/properties/loaded/format")
                        .asText())
                .isEqualTo("date-time");
        assertThat(document.at("/components/schemas/ClassificationParameters").isObject())
                .isTrue();
        assertThat(document.at("/components/schemas/ClassificationParameters").has("required"))
                .isFalse();
        assertThat(document.toString()).contains("\"sigmoid\"").doesNotContain("SIGMOID");
    }

    private static List<String> iterable(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void errors_are_shown_as_the_dialect_says_them() {
        JsonNode responses = document.at("/paths/~1v1~1embeddings/post/responses");
        assertThat(responses
                        .at("/429/content/application~1json/examples/overloaded/value/error/code")
                        .asText())
                .isEqualTo("rate_limit_exceeded");
        assertThat(responses.has("401")).isTrue();
        assertThat(document.at("/paths/~1predict/post/responses").has("424")).isTrue();
        assertThat(document.at("/paths/~1health/get/responses").has("401")).isFalse();
    }
}
