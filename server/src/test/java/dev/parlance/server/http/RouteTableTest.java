package dev.parlance.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlance.server.api.Reply;
import dev.parlance.server.api.Route;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RouteTableTest {
    @Test
    void a_parameter_with_a_plus_holds_slashes() {
        RouteTable table = table(
                "/v2/models/{model+}/versions/{version}/infer", "/v2/models/{model+}/infer", "/v2/models/{model+}");
        assertThat(find(table, "/v2/models/org/name/versions/3/infer"))
                .isEqualTo(Map.of("model", "org/name", "version", "3"));
        assertThat(find(table, "/v2/models/name/infer")).isEqualTo(Map.of("model", "name"));
        assertThat(find(table, "/v2/models/a/b/c")).isEqualTo(Map.of("model", "a/b/c"));
    }

    @Test
    void a_path_of_words_wins_and_else_the_first_that_fits() {
        RouteTable table = table("/models/{model}/card", "/models/{model+}", "/models/{model}", "/models/all");
        assertThat(path(table, "/models/all")).isEqualTo("/models/all");
        assertThat(path(table, "/models/a/card")).isEqualTo("/models/{model}/card");
        assertThat(path(table, "/models/a")).isEqualTo("/models/{model+}");
    }

    @Test
    void a_method_of_a_less_exact_path_still_answers() {
        RouteTable table = new RouteTable(List.of(route("GET", "/models/all"), route("POST", "/models/{model+}")));
        assertThat(table.find("POST", RequestPath.of("/models/all")).parameters())
                .isEqualTo(Map.of("model", "all"));
        assertThatThrownBy(() -> table.find("PUT", RequestPath.of("/models/all")))
                .isInstanceOfSatisfying(HttpRefusal.class, e -> {
                    assertThat(e.status()).isEqualTo(405);
                    assertThat(e.headers()).containsEntry("Allow", "GET, HEAD, OPTIONS, POST");
                });
    }

    @Test
    void two_routes_for_the_same_are_a_mistake() {
        assertThatThrownBy(() -> table("/a/{b}", "/a/{b}")).hasMessage("two routes for GET /a/{b}");
        assertThatThrownBy(() -> table("/{a+}/{b+}")).hasMessageContaining("one {name+} at most");
    }

    private static Map<String, String> find(RouteTable table, String path) {
        return table.find("GET", RequestPath.of(path)).parameters();
    }

    private static String path(RouteTable table, String path) {
        return table.find("GET", RequestPath.of(path)).route().path();
    }

    private static RouteTable table(String... paths) {
        return new RouteTable(Stream.of(paths).map(path -> route("GET", path)).toList());
    }

    private static Route route(String method, String path) {
        return new Route(
                method,
                path,
                Route.Access.PUBLIC,
                call -> CompletableFuture.completedFuture(new Reply(200, "text/plain", new byte[0], Map.of())));
    }
}
