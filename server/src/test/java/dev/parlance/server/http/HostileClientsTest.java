package dev.parlance.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlance.server.api.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each attack is answered with 4xx, or the connection ends, within bounds; and the server goes on. */
@Timeout(60)
class HostileClientsTest {
    private static Served served;

    @BeforeAll
    static void start() {
        served = Served.limited(Map.of(
                "header_timeout", "400ms",
                "body_timeout", "400ms",
                "keep_alive_timeout", "600ms",
                "request_timeout", "10s",
                "payload_limit", 100_000,
                "max_headers", 50));
    }

    @AfterAll
    static void stop() throws IOException {
        assertThat(served.get("/health").status()).isEqualTo(200);
        served.close();
    }

    @Test
    void a_connection_that_says_nothing_ends() throws IOException {
        long start = System.nanoTime();
        try (RawHttp raw = new RawHttp(served.port())) {
            assertThat(raw.isClosed()).isTrue();
        }
        assertThat(millisSince(start)).isBetween(300L, 5000L);
    }

    @Test
    void headers_that_drip_in_end_the_connection() throws Exception {
        long start = System.nanoTime();
        try (RawHttp raw = new RawHttp(served.port())) {
            drip(raw, "GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: " + "a".repeat(500));
            assertThat(raw.isClosed()).isTrue();
        }
        assertThat(millisSince(start)).isLessThan(10_000);
    }

    @Test
    void a_body_that_drips_in_gets_408() throws Exception {
        long start = System.nanoTime();
        try (RawHttp raw = new RawHttp(served.port())) {
            raw.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n");
            drip(raw, "[" + " ".repeat(400));
            RawHttp.Answer answer = raw.read();
            assertThat(answer.status()).isEqualTo(408);
            assertThat(answer.headers()).containsEntry("connection", "close");
            assertThat(raw.isClosed()).isTrue();
        }
        assertThat(millisSince(start)).isLessThan(15_000);
    }

    @Test
    void an_idle_connection_ends_after_its_request() throws IOException {
        try (RawHttp raw = new RawHttp(served.port())) {
            assertThat(raw.send(RawHttp.get("/health")).read().status()).isEqualTo(200);
            long start = System.nanoTime();
            assertThat(raw.isClosed()).isTrue();
            assertThat(millisSince(start)).isBetween(400L, 5000L);
        }
    }

    @Test
    void too_many_or_too_long_headers_get_431() throws IOException {
        assertThat(served.get("/health", "X-Long: " + "a".repeat(100_000)).status())
                .isEqualTo(431);
        String[] many = new String[200];
        for (int i = 0; i < many.length; i++) {
            many[i] = "X-" + i + ": a";
        }
        assertThat(served.get("/health", many).status()).isEqualTo(431);
    }

    @Test
    void a_first_line_that_is_too_long_gets_414() throws IOException {
        assertThat(served.get("/" + "a".repeat(100_000)).status()).isEqualTo(414);
    }

    @Test
    void a_body_that_is_too_large_gets_413_whether_it_says_so_or_not() throws IOException {
        String head = RawHttp.lines("POST /echo HTTP/1.1", "Host: x", "Content-Type: application/json", "");
        assertThat(RawHttp.once(served.port(), head + RawHttp.lines("Content-Length: 100001", "", ""))
                        .status())
                .isEqualTo(413);
        try (RawHttp raw = new RawHttp(served.port())) {
            raw.send(head + RawHttp.lines("Transfer-Encoding: chunked", "", ""));
            for (int i = 0; i < 110; i++) {
                raw.send("3e8\r\n" + " ".repeat(1000) + "\r\n");
            }
            assertThat(raw.read().status()).isEqualTo(413);
        }
        assertThat(served.post("/echo", "\"" + "a".repeat(99_998) + "\"").status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1,\"a\":2}",
                "{\"a\":{\"b\":1,\"b\":1}}",
                "{\"a\":1} {\"b\":2}",
                "{\"a\":1}]",
                "{\"a\":NaN}",
                "{\"a\":Infinity}",
                "{'a':1}",
                "{a:1}",
                "[1,]",
                "[01]",
                "// c\n1",
                "\ufeff[1]",
                "",
                " ",
                "\"a\nb\"",
                "\"\\x\"",
                "nul",
                "["
            })
    void what_is_no_json_gets_400(String body) throws IOException {
        if (body.isEmpty()) {
            assertThat(served.post("/echo", body).body()).contains("\"body\":\"none\""); // for the route to refuse
        } else {
            assertThat(served.post("/echo", body).status()).isEqualTo(400);
        }
    }

    @Test
    void too_much_of_something_gets_413() throws IOException {
        assertThat(served.post("/echo", "[".repeat(5000) + "]".repeat(5000)).status())
                .isEqualTo(413);
        assertThat(served.post("/echo", "[" + "9".repeat(5000) + "]").status()).isEqualTo(413);
        assertThat(served.post("/echo", "[1e" + "9".repeat(200) + "]").status()).isEqualTo(413);
        assertThat(served.post("/echo", "{\"" + "k".repeat(50_000) + "\":1}").status())
                .isEqualTo(413);
        assertThat(served.post("/echo", "[1e999999999]").status()).isIn(200, 400);
    }

    @Test
    void bytes_that_are_no_utf_8_get_400() throws IOException {
        byte[][] bad = {
            {'"', (byte) 0xff, '"'},
            {'"', (byte) 0xc0, (byte) 0x80, '"'}, // overlong NUL
            {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'}, // half of a surrogate pair
            {'"', (byte) 0xf8, (byte) 0x88, (byte) 0x80, (byte) 0x80, (byte) 0x80, '"'},
            {'"', (byte) 0xe5, (byte) 0xa5, '"'}, // cut off
            "[1]".getBytes(StandardCharsets.UTF_16BE)
        };
        for (byte[] body : bad) {
            try (RawHttp raw = new RawHttp(served.port())) {
                raw.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
                        + body.length + "\r\n\r\n");
                assertThat(raw.send(body).read().status()).isEqualTo(400);
            }
        }
        assertThat(served.post("/echo", "\"\ufffd\"").status()).isEqualTo(200); // the character itself is allowed
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../etc/passwd",
                "/models/../health",
                "/models/..%2f..%2fetc",
                "/models/%2e%2e/x",
                "/models/.%2E/x",
                "/models/a%00b",
                "/models/a%2fb",
                "/models/a%5Cb",
                "/models/a\\b",
                "/models/./b",
                "/models/a%0d%0aX:1",
                "/models/%ff",
                "/models/%",
                "/models/%4",
                "/models/%zz",
                "/models/a?x=%ff",
                "/models/a?x=%"
            })
    void a_path_that_could_mean_another_gets_400(String path) throws IOException {
        assertThat(served.post(path, "{}").status()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({"/models//b, 404", "/models/, 404", "//health, 404", "/models/a/, 404", "/v2/models/a/b/infer, 404"})
    void a_path_with_an_empty_part_is_not_there(String path, int status) throws IOException {
        assertThat(served.post(path, "{}").status()).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET\r\n\r\n",
                "\u0001\u0002\u0003\r\n\r\n",
                "GET /health HTTP/1.1\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost : a\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: a\r\nBad Header: a\r\n\r\n",
                "GET health HTTP/1.1\r\nHost: a\r\n\r\n",
                "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
                "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
                "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n",
                "CONNECT example.com:443 HTTP/1.1\r\nHost: a\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
            })
    void what_is_no_request_gets_4xx_or_the_connection_ends(String request) throws IOException {
        try (RawHttp raw = new RawHttp(served.port())) {
            RawHttp.Answer answer = raw.send(request).readOrNull();
            if (answer != null && answer.status() != 501) { // Vert.x's word for another version of HTTP
                assertThat(answer.status()).as(answer.body()).isBetween(400, 499);
            }
        }
    }

    @Test
    void pipelined_requests_are_answered_in_order_one_at_a_time() throws Exception {
        try (Served fresh = Served.start();
                RawHttp raw = new RawHttp(fresh.port())) {
            StringBuilder all = new StringBuilder(RawHttp.post("/slow", "{}"));
            for (int i = 0; i < 500; i++) {
                all.append(RawHttp.post("/echo", "{\"n\":" + i + "}"));
            }
            raw.send(all.toString());
            CompletableFuture<Reply> first = fresh.slow.poll(5, TimeUnit.SECONDS);
            assertThat(first).isNotNull();
            assertThat(fresh.server.active()).isEqualTo(1); // the others wait unread
            first.complete(Served.json(200, Map.of("first", true), Map.of()));
            assertThat(raw.read().body()).contains("first");
            for (int i = 0; i < 500; i++) {
                assertThat(raw.read().body()).contains("\"n\":" + i + "}");
            }
        }
    }

    @Test
    void a_client_that_goes_away_cancels_its_work() throws Exception {
        CompletableFuture<Reply> work;
        try (RawHttp raw = new RawHttp(served.port())) {
            raw.send(RawHttp.post("/slow", "{}"));
            work = served.slow.poll(5, TimeUnit.SECONDS);
            assertThat(work).isNotNull();
            assertThat(work).isNotDone();
        }
        for (int i = 0; i < 250 && !work.isDone(); i++) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        assertThat(work).isCancelled();
        assertThat(served.meters.scrape()).contains("route=\"/slow\",status=\"499\"");
    }

    @Test
    void an_answer_that_takes_too_long_is_given_up() throws Exception {
        try (Served hasty = Served.limited(Map.of("request_timeout", "200ms"));
                RawHttp raw = new RawHttp(hasty.port())) {
            raw.send(RawHttp.post("/slow", "{}"));
            assertThat(raw.read().status()).isEqualTo(504);
            CompletableFuture<Reply> work = hasty.slow.poll(5, TimeUnit.SECONDS);
            assertThat(work).isCancelled();
            assertThat(raw.send(RawHttp.get("/health")).read().status()).isEqualTo(200);
        }
    }

    @Test
    void more_requests_at_once_than_allowed_get_429_and_health_still_answers() throws Exception {
        try (Served small = Served.limited(Map.of("max_concurrent_requests", 2));
                RawHttp first = new RawHttp(small.port());
                RawHttp second = new RawHttp(small.port());
                RawHttp third = new RawHttp(small.port())) {
            first.send(RawHttp.post("/slow", "{}"));
            CompletableFuture<Reply> one = small.slow.poll(5, TimeUnit.SECONDS);
            second.send(RawHttp.post("/slow", "{}"));
            assertThat(small.slow.poll(5, TimeUnit.SECONDS)).isNotNull();
            RawHttp.Answer refused = third.send(RawHttp.post("/slow", "{}")).read();
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.headers()).containsEntry("retry-after", "1");
            assertThat(third.send(RawHttp.get("/health")).read().status()).isEqualTo(200); // the same connection
            assertThat(one).isNotNull();
            one.complete(Served.json(200, Map.of(), Map.of()));
            assertThat(first.read().status()).isEqualTo(200);
            assertThat(third.send(RawHttp.post("/echo", "{}")).read().status()).isEqualTo(200);
        }
    }

    @Test
    void bodies_in_memory_are_bounded_together() throws Exception {
        try (Served small = Served.limited(Map.of("buffer_limit", 1500, "payload_limit", 1400))) {
            List<RawHttp> open = new ArrayList<>();
            String body = "\"" + "a".repeat(1000) + "\"";
            RawHttp holding = new RawHttp(small.port());
            open.add(holding.send(RawHttp.post("/slow", body)));
            CompletableFuture<Reply> work = small.slow.poll(5, TimeUnit.SECONDS);
            assertThat(small.post("/echo", body).status()).isEqualTo(429);
            assertThat(work).isNotNull();
            work.complete(Served.json(200, Map.of(), Map.of()));
            assertThat(holding.read().status()).isEqualTo(200);
            assertThat(small.post("/echo", body).status()).isEqualTo(200);
            for (RawHttp raw : open) {
                raw.close();
            }
        }
    }

    @Test
    void more_connections_than_allowed_end_at_once() throws Exception {
        try (Served small = Served.limited(Map.of("max_connections", 2));
                RawHttp first = new RawHttp(small.port());
                RawHttp second = new RawHttp(small.port())) {
            assertThat(first.send(RawHttp.get("/health")).read().status()).isEqualTo(200);
            assertThat(second.send(RawHttp.get("/health")).read().status()).isEqualTo(200);
            try (RawHttp third = new RawHttp(small.port())) {
                assertThat(third.isClosed()).isTrue();
            }
            assertThat(first.send(RawHttp.get("/health")).read().status()).isEqualTo(200);
        }
    }

    private static void drip(RawHttp raw, String text) throws InterruptedException {
        try {
            for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
                raw.send(new byte[] {b});
                TimeUnit.MILLISECONDS.sleep(20);
            }
        } catch (IOException e) {
            return; // the server has ended it, as it should
        }
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }
}
