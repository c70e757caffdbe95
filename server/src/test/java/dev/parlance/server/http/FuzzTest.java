package dev.parlance.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests with damage done to them, by a seed: none may bring the server down or be a failure of its own. */
class FuzzTest {
    private static final int REQUESTS = 4000;
    private static final List<String> SEEDS = List.of(
            RawHttp.post("/echo", "{\"inputs\":[\"a\",\"\u597d\"],\"parameters\":{\"top_k\":3}}"),
            RawHttp.post("/models/org/name?x=1", "{\"a\":[1.5e3,-2,true,null,{\"b\":\"\\u00e9\\n\"}]}"),
            RawHttp.get("/health", "X-Request-Id: abc", "Accept: */*"),
            RawHttp.post(
                    "/v2/models/m/infer",
                    "{\"id\":\"1\",\"inputs\":[{\"name\":\"t\",\"shape\":[1]}]}",
                    "Expect: 100-continue"),
            RawHttp.lines(
                    "POST /echo HTTP/1.1",
                    "Host: x",
                    "Content-Type: application/json",
                    "Transfer-Encoding: chunked",
                    "",
                    "5",
                    "[1,2,",
                    "3",
                    "3]\n",
                    "0",
                    "",
                    ""),
            "OPTIONS /echo HTTP/1.1\r\nHost: x\r\nOrigin: https://a.example\r\n\r\n");
    private static final byte[][] PIECES = {
        "\r\n".getBytes(StandardCharsets.US_ASCII),
        {0},
        "%00".getBytes(StandardCharsets.US_ASCII),
        "/../".getBytes(StandardCharsets.US_ASCII),
        "[[[[[[[[".getBytes(StandardCharsets.US_ASCII),
        "99999999999999999999".getBytes(StandardCharsets.US_ASCII),
        {(byte) 0xff, (byte) 0xfe},
        "Content-Length: 5\r\n".getBytes(StandardCharsets.US_ASCII),
        "Transfer-Encoding: chunked\r\n".getBytes(StandardCharsets.US_ASCII),
        "HTTP/9.9".getBytes(StandardCharsets.US_ASCII),
        "\"".getBytes(StandardCharsets.US_ASCII),
        "Connection: upgrade\r\nUpgrade: h2c\r\n".getBytes(StandardCharsets.US_ASCII),
        "Upgrade: websocket\r\nConnection: Upgrade\r\n".getBytes(StandardCharsets.US_ASCII)
    };

    @Test
    @Timeout(120)
    void damaged_requests_are_never_a_failure_of_the_server() throws Exception {
        try (Served served = Served.limited(Map.of("header_timeout", "200ms", "body_timeout", "200ms"))) {
            Random random = new Random(7);
            int answered = 0;
            for (int i = 0; i < REQUESTS; i++) {
                byte[] request = damaged(SEEDS.get(random.nextInt(SEEDS.size())), random);
                try (RawHttp raw = new RawHttp(served.port())) {
                    raw.send(request);
                    raw.closeOutput();
                    for (RawHttp.Answer a = raw.readOrNull(); a != null && a.status() >= 100; a = raw.readOrNull()) {
                        String shown = new String(request, StandardCharsets.ISO_8859_1);
                        assertThat(a.status()) // 501 is Vert.x's word for another version of HTTP
                                .as("request %d: %s", i, shown)
                                .matches(status -> status < 500 || status == 501);
                        answered++;
                    }
                } catch (SocketException e) {
                    assertThat(served.get("/health").status()).isEqualTo(200); // it closed while we sent: its right
                }
            }
            assertThat(answered).isGreaterThan(REQUESTS / 3);
            assertThat(served.get("/health").status()).isEqualTo(200);
            for (int i = 0; i < 100 && served.server.active() > 0; i++) {
                TimeUnit.MILLISECONDS.sleep(50);
            }
            assertThat(served.server.active()).isZero();
            assertThat(served.server.buffered()).isZero();
        }
    }

    private static byte[] damaged(String seed, Random random) {
        byte[] bytes = seed.getBytes(StandardCharsets.UTF_8);
        for (int edits = random.nextInt(4); edits >= 0; edits--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes = spliced(bytes, at, Math.min(bytes.length, at + random.nextInt(8)), new byte[0]);
                case 2 -> bytes = spliced(bytes, at, at, PIECES[random.nextInt(PIECES.length)]);
                default ->
                    bytes = spliced(bytes, bytes.length - random.nextInt(20) % bytes.length, bytes.length, new byte[0]);
            }
            if (bytes.length == 0) {
                return new byte[] {'x'};
            }
        }
        return bytes;
    }

    private static byte[] spliced(byte[] bytes, int from, int to, byte[] piece) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, from);
        out.writeBytes(piece);
        out.write(bytes, to, bytes.length - to);
        return out.toByteArray();
    }
}
