package dev.parlance.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlance.server.api.Call;
import dev.parlance.server.api.Reply;
import dev.parlance.server.api.Route;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class StaticFilesTest {
    private static final List<Route> ROUTES = StaticFiles.routes("dev/parlance/server/http/site/");

    @Test
    void has_a_route_for_each_file_and_for_the_page() {
        assertThat(ROUTES).extracting(Route::path).containsExactlyInAnyOrder("/", "/web/long.css", "/web/i18n/en.json");
        assertThat(ROUTES).allMatch(route -> route.method().equals("GET") && route.access() == Route.Access.PUBLIC);
        assertThat(get("/", Map.of()).contentType()).isEqualTo("text/html; charset=utf-8");
    }

    @Test
    void a_browser_that_has_the_file_is_told_so() {
        Reply first = get("/web/long.css", Map.of());
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.headers()).containsEntry("Cache-Control", "no-cache");
        String tag = first.headers().getOrDefault("ETag", "");
        assertThat(get("/web/long.css", Map.of("if-none-match", "\"x\", " + tag))
                        .status())
                .isEqualTo(304);
        assertThat(get("/web/long.css", Map.of("if-none-match", "\"x\"")).status())
                .isEqualTo(200);
    }

    @Test
    void a_long_file_is_packed_for_who_takes_it() throws IOException {
        Reply plain = get("/web/long.css", Map.of());
        Reply packed = get("/web/long.css", Map.of("accept-encoding", "br, gzip"));
        assertThat(packed.headers()).containsEntry("Content-Encoding", "gzip").containsEntry("Vary", "Accept-Encoding");
        assertThat(packed.body().length).isLessThan(plain.body().length / 2);
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed.body()))) {
            assertThat(in.readAllBytes()).isEqualTo(plain.body());
        }
        assertThat(get("/web/long.css", Map.of("accept-encoding", "gzip;q=0")).headers())
                .doesNotContainKey("Content-Encoding");
        assertThat(get("/", Map.of("accept-encoding", "gzip")).headers()).doesNotContainKey("Content-Encoding");
    }

    private static Reply get(String path, Map<String, String> headers) {
        Route route = ROUTES.stream()
                .filter(each -> each.path().equals(path))
                .findFirst()
                .orElseThrow();
        return route.handler()
                .handle(new Call(Map.of(), Map.of(), headers, null))
                .toCompletableFuture()
                .join();
    }
}
