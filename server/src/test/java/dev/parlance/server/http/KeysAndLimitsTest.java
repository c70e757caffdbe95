package dev.parlance.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may ask, and how often. */
class KeysAndLimitsTest {
    private static final String CLIENT = "client-key-0123456789";
    private static final String QUICK = "quick-key-0123456789";
    private static final String ADMIN = "admin-key-0123456789";

    private static Served served;

    @BeforeAll
    static void start() {
        served = Served.start(options -> options.withSecurity(new SecurityOptions(
                List.of(
                        new KeyOptions("web", KeyOptions.hash(CLIENT), false, 0.01, 3),
                        new KeyOptions("quick", KeyOptions.hash(QUICK), false, 0, 0),
                        new KeyOptions("ops", KeyOptions.hash(ADMIN), true, 0, 0)),
                0,
                0,
                List.of("https://app.example"),
                null,
                null)));
    }

    @AfterAll
    static void stop() {
        served.close();
    }

    @Test
    void a_client_needs_a_key_that_is_known() throws IOException {
        RawHttp.Answer none = served.post("/echo", "{}");
        assertThat(none.status()).isEqualTo(401);
        assertThat(none.headers()).containsEntry("www-authenticate", "Bearer");
        assertThat(served.post("/echo", "{}", "Authorization: Bearer wrong").status())
                .isEqualTo(401);
        assertThat(served.post("/echo", "{}", "Authorization: Basic " + QUICK).status())
                .isEqualTo(401);
        assertThat(served.post("/echo", "{}", "X-API-Key: ").status()).isEqualTo(401);
        assertThat(served.post("/echo", "{}", "Authorization: Bearer " + QUICK).status())
                .isEqualTo(200);
        assertThat(served.post("/echo", "{}", "authorization: bearer " + QUICK).status())
                .isEqualTo(200);
        assertThat(served.post("/echo", "{}", "X-API-Key: " + QUICK).status()).isEqualTo(200);
        assertThat(served.get("/health").status()).isEqualTo(200);
    }

    @Test
    void a_body_is_not_read_before_the_key_is_known() throws IOException {
        try (RawHttp raw = new RawHttp(served.port())) {
            raw.send(
                    "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n");
            assertThat(raw.read().status()).isEqualTo(401); // nothing of the body was sent
            raw.send(" ".repeat(1000) + RawHttp.get("/health"));
            assertThat(raw.read().status()).isEqualTo(200);
        }
    }

    @Test
    void administration_needs_a_key_of_its_own() throws IOException {
        assertThat(served.post("/admin/load", "{}").status()).isEqualTo(401);
        assertThat(served.post("/admin/load", "{}", "X-API-Key: " + QUICK).status())
                .isEqualTo(403);
        assertThat(served.post("/admin/load", "{}", "X-API-Key: " + ADMIN).status())
                .isEqualTo(200);
        assertThat(served.post("/echo", "{}", "X-API-Key: " + ADMIN).status()).isEqualTo(200);
        try (Served open = Served.start()) {
            RawHttp.Answer closed = open.post("/admin/load", "{}", "X-API-Key: " + ADMIN);
            assertThat(closed.status()).isEqualTo(403);
            assertThat(closed.body()).contains("administration is closed");
        }
    }

    @Test
    void a_key_has_a_rate_of_its_own() throws IOException {
        for (int i = 0; i < 3; i++) {
            assertThat(served.post("/echo", "{}", "X-API-Key: " + CLIENT).status())
                    .isEqualTo(200);
        }
        RawHttp.Answer refused = served.post("/echo", "{}", "X-API-Key: " + CLIENT);
        assertThat(refused.status()).isEqualTo(429);
        assertThat(Integer.parseInt(refused.headers().getOrDefault("retry-after", "0")))
                .isBetween(90, 100);
        assertThat(served.post("/echo", "{}", "X-API-Key: " + QUICK).status()).isEqualTo(200);
    }

    @Test
    void without_keys_the_rate_is_that_of_an_address() throws IOException {
        try (Served open = Served.start(
                options -> options.withSecurity(new SecurityOptions(List.of(), 0.01, 2, List.of(), null, null)))) {
            assertThat(open.post("/echo", "{}").status()).isEqualTo(200);
            assertThat(open.post("/echo", "{}").status()).isEqualTo(200);
            assertThat(open.post("/echo", "{}").status()).isEqualTo(429);
            assertThat(open.get("/health").status()).isEqualTo(200);
        }
    }

    @Test
    void metrics_need_a_key_unless_told_otherwise() throws IOException {
        assertThat(served.get("/metrics").status()).isEqualTo(401);
        assertThat(served.get("/metrics", "X-API-Key: " + QUICK).status()).isEqualTo(200);
    }

    @Test
    void pages_of_allowed_origins_alone_may_read_answers() throws IOException {
        RawHttp.Answer allowed = served.get("/health", "Origin: https://app.example");
        assertThat(allowed.headers())
                .containsEntry("access-control-allow-origin", "https://app.example")
                .containsEntry("vary", "Origin");
        assertThat(served.get("/health", "Origin: https://evil.example").headers())
                .doesNotContainKey("access-control-allow-origin");
        RawHttp.Answer preflight = RawHttp.once(
                served.port(),
                RawHttp.lines(
                        "OPTIONS /echo HTTP/1.1",
                        "Host: x",
                        "Origin: https://app.example",
                        "Access-Control-Request-Method: POST",
                        "",
                        ""));
        assertThat(preflight.headers().getOrDefault("access-control-allow-headers", ""))
                .contains("Authorization");
    }
}
