package dev.parlance.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlance.config.Json;
import dev.parlance.config.UserError;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What well-behaved clients see. */
class ParlanceServerTest {
    private static Served served;

    @BeforeAll
    static void start() {
        served = Served.start();
    }

    @AfterAll
    static void stop() {
        served.close();
    }

    @Test
    void answers_a_route_with_parameters_query_and_body() throws IOException {
        RawHttp.Answer answer = served.post("/models/org/my-model?top_k=2&note=a%20b+c", "{\"inputs\":\"好 😀\"}");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers()).containsEntry("content-type", "application/json");
        assertThat(Json.parseObject(answer.body()).orElseThrow().toString())
                .contains("\"model\":\"org/my-model\"", "\"top_k\":\"2\"", "\"note\":\"a b c\"", "\"inputs\":\"好 😀\"");
    }

    @Test
    void keeps_a_connection_open_between_requests() throws IOException {
        try (RawHttp raw = new RawHttp(served.port())) {
            for (int i = 0; i < 5; i++) {
                assertThat(raw.send(RawHttp.post("/echo", "{\"n\":" + i + "}"))
                                .read()
                                .body())
                        .contains("\"n\":" + i);
            }
        }
    }

    @Test
    void says_what_is_not_there_and_which_methods_are() throws IOException {
        assertThat(served.get("/nothing").status()).isEqualTo(404);
        assertThat(served.get("/health/").status()).isEqualTo(404);
        RawHttp.Answer wrong = RawHttp.once(served.port(), "DELETE /echo HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(wrong.status()).isEqualTo(405);
        assertThat(wrong.headers()).containsEntry("allow", "GET, HEAD, OPTIONS, POST");
        assertThat(wrong.body()).contains("\"error\"");
    }

    @Test
    void answers_head_as_get_without_a_body() throws IOException {
        try (RawHttp raw = new RawHttp(served.port())) {
            raw.send("HEAD /health HTTP/1.1\r\nHost: x\r\n\r\nGET /health HTTP/1.1\r\nHost: x\r\n\r\n");
            String first = raw.readHead();
            assertThat(first).startsWith("HTTP/1.1 200").containsIgnoringCase("content-length: 14");
            assertThat(raw.read().body()).isEqualTo("{\"ready\":true}");
        }
    }

    @Test
    void takes_json_alone() throws IOException {
        String form = RawHttp.lines(
                "POST /echo HTTP/1.1",
                "Host: x",
                "Content-Type: application/x-www-form-urlencoded",
                "Content-Length: 3",
                "",
                "a=b");
        RawHttp.Answer answer = RawHttp.once(served.port(), form);
        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.body()).contains("application/json");
        assertThat(RawHttp.once(served.port(), form.replace("application/x-www-form-urlencoded", "text/plain"))
                        .status())
                .isEqualTo(415);
        assertThat(RawHttp.once(
                                served.port(),
                                form.replace("application/x-www-form-urlencoded", "application/json; charset=UTF-8")
                                        .replace("a=b", "[1]"))
                        .status())
                .isEqualTo(200);
        assertThat(served.post("/echo", "{}", "Content-Encoding: gzip").status())
                .isEqualTo(415);
    }

    @Test
    void a_body_of_another_method_is_not_read() throws IOException {
        try (RawHttp raw = new RawHttp(served.port())) {
            raw.send("GET /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
            assertThat(raw.read().body()).contains("\"body\":\"none\"");
            assertThat(raw.send(RawHttp.get("/health")).read().status()).isEqualTo(200);
        }
    }

    @Test
    void tells_a_client_to_go_on_that_asks_first() throws IOException {
        try (RawHttp raw = new RawHttp(served.port())) {
            String body = "{\"inputs\":\"a\"}";
            String request = RawHttp.post("/echo", body, "Expect: 100-continue");
            raw.send(request.substring(0, request.length() - body.length()));
            assertThat(raw.read().status()).isEqualTo(100);
            assertThat(raw.send(body).read().status()).isEqualTo(200);
        }
        String large = RawHttp.lines(
                "POST /echo HTTP/1.1",
                "Host: x",
                "Content-Type: application/json",
                "Expect: 100-continue",
                "Content-Length: 900000000",
                "",
                "");
        assertThat(RawHttp.once(served.port(), large).status()).isEqualTo(413);
    }

    @Test
    void tells_browsers_to_be_careful_and_nobody_what_server_it_is() throws IOException {
        Map<String, String> headers = served.get("/health").headers();
        assertThat(headers)
                .containsEntry("x-content-type-options", "nosniff")
                .containsEntry("content-security-policy", "default-src 'none'; frame-ancestors 'none'")
                .containsEntry("referrer-policy", "no-referrer")
                .containsEntry("x-frame-options", "DENY")
                .containsEntry("cache-control", "no-store")
                .containsKey("date")
                .doesNotContainKeys("server", "x-powered-by", "access-control-allow-origin");
    }

    @Test
    void keeps_a_request_id_that_a_log_can_hold() throws IOException {
        assertThat(served.get("/health", "X-Request-Id: abc-123.X").headers())
                .containsEntry("x-request-id", "abc-123.X");
        assertThat(served.get("/health", "X-Request-Id: a\"b").headers().get("x-request-id"))
                .matches("[0-9a-f]{32}");
        assertThat(served.get("/health").headers().get("x-request-id")).matches("[0-9a-f]{32}");
    }

    @Test
    void a_route_that_breaks_its_promise_is_a_500_without_its_message() throws IOException {
        RawHttp.Answer answer = served.post("/broken", "{}");
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.body()).doesNotContain("promise");
    }

    @Test
    void counts_requests_by_route_and_by_a_model_that_has_answered() throws IOException {
        served.post("/models/reviews", "{}");
        served.post("/models/made-up-by-client", "[");
        served.get("/nothing-here");
        String metrics = served.get("/metrics").body();
        assertThat(metrics)
                .contains("parlance_requests_total{model=\"reviews\",route=\"/models/{model+}\",status=\"200\"} 1.0")
                .contains("parlance_requests_total{model=\"\",route=\"/models/{model+}\",status=\"400\"} 1.0")
                .contains("route=\"unknown\",status=\"404\"")
                .contains("parlance_request_duration_seconds_bucket{model=\"reviews\",route=\"/models/{model+}\",le=")
                .contains("parlance_http_connections ")
                .doesNotContain("made-up-by-client", "nothing-here");
    }

    @Test
    void logs_each_request_without_its_text() throws Exception {
        served.post("/models/reviews?q=secret", "{\"inputs\":\"secret words\"}", "X-Request-Id: logged-1");
        String line = null;
        for (int i = 0; i < 200 && line == null; i++) {
            line = served.accessLog.stream()
                    .filter(each -> each.contains("logged-1"))
                    .findFirst()
                    .orElse(null);
            TimeUnit.MILLISECONDS.sleep(20);
        }
        assertThat(line)
                .matches("\\{\"time\":\"\\d{4}-.*Z\",\"method\":\"POST\",\"route\":\"/models/\\{model\\+\\}\","
                        + "\"model\":\"reviews\",\"status\":200,\"micros\":\\d+,\"bytes_in\":25,\"bytes_out\":\\d+,"
                        + "\"request_id\":\"logged-1\"\\}")
                .doesNotContain("secret");
    }

    @Test
    void answers_options() throws IOException {
        RawHttp.Answer answer = RawHttp.once(
                served.port(),
                RawHttp.lines(
                        "OPTIONS /echo HTTP/1.1",
                        "Host: x",
                        "Origin: https://evil.example",
                        "Access-Control-Request-Method: POST",
                        "",
                        ""));
        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.headers()).containsKey("allow").doesNotContainKey("access-control-allow-origin");
    }

    @Test
    void a_port_in_use_is_said_in_one_line() {
        ServerOptions same = ServerOptions.defaults().withPort(served.port());
        ParlanceServer.Telling telling = ParlanceServer.Telling.metrics(served.meters);
        assertThatThrownBy(() -> ParlanceServer.start(same, List.of(), telling))
                .isInstanceOf(UserError.class)
                .hasMessage("port " + served.port()
                        + " of 127.0.0.1 is in use; choose another with --port or --hostname, or 0 for a free port");
    }

    @Test
    void an_address_of_another_machine_is_refused() {
        assertThatThrownBy(() -> Served.start(options -> new ServerOptions(
                        "192.0.2.1",
                        0,
                        List.of(),
                        List.of(),
                        options.batching(),
                        options.limits(),
                        options.security(),
                        options.operations())))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("192.0.2.1");
    }
}
