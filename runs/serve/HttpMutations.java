import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Requests that break HTTP, or bend it. Each is a function of the random numbers alone. */
final class HttpMutations {
    private static final String[] METHODS = {
        "GET",
        "PUT",
        "DELETE",
        "HEAD",
        "OPTIONS",
        "TRACE",
        "PATCH",
        "CONNECT",
        "get",
        "PRI",
        "POST\t",
        "X".repeat(300),
        "\u0001",
        ""
    };
    private static final String[] TARGETS = {
        "/../../../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/..%2f..%2fetc%2fpasswd",
        "/docs/../../etc/passwd",
        "//etc/passwd",
        "/%00",
        "/%zz",
        "/%",
        "/a b",
        "*",
        "http://example.com/predict",
        "/predict?%zz=%",
        "/predict?a=1&a=2",
        "/predict#x",
        "?",
        "/\u00e9",
        "/models/..%5c..%5cx",
        "/models/%2e%2e/info",
        "/v2/models/x/versions/../../y",
        "/" + "a".repeat(9000),
        "/models/" + "a/".repeat(2000),
        "/docs/%2e%2e%2f%2e%2e%2fpom.xml",
        "/predict?" + "a=b&".repeat(3000),
        ""
    };
    private static final String[] VERSIONS = {
        "HTTP/0.9", "HTTP/1.0", "HTTP/2.0", "HTTP/9.9", "HTTP/1.1 x", "HTTP/", "", "http/1.1"
    };
    private static final String[] HEADERS = {
        "Host: a\r\nHost: b",
        "Content-Type: text/plain",
        "Content-Type: application/json; charset=utf-16",
        "Content-Type:",
        "Content-Encoding: gzip",
        "Content-Encoding: br, gzip",
        "Expect: 100-continue",
        "Expect: the-unexpected",
        "No colon here",
        ": no name",
        "X: a\r\n folded",
        "X: a\u0000b",
        "X-Bad\u0001: b",
        "Range: bytes=0-0,1-1",
        "Connection: close, upgrade",
        "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABk",
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 99",
        "Authorization: Bearer",
        "Authorization: Basic !!!",
        "Accept: */*;q=2",
        "Accept: application/xml",
        "If-None-Match: \"\"",
        "X: " + "y".repeat(70_000),
        "X: y\r\n".repeat(300) + "X: y",
        "Origin: null",
        "Cookie: " + "a=b; ".repeat(1500),
        "traceparent: 00-zz-zz-zz",
        "X-Request-Id: \u00e9\"'<script>",
        "X-Compute-Type: x",
        "Content-Length : 3"
    };
    private static final String[] LENGTHS = {
        "-1", "x", "", "99999999999999999999", "1, 2", "+5", "0x5", "5\r\nContent-Length: 6", "3", "100000"
    };
    private static final String[] CHUNKS = {
        "zz\r\n{}\r\n0\r\n\r\n",
        "-1\r\n{}\r\n0\r\n\r\n",
        "ffffffffffffffff\r\n{}\r\n",
        "2\r\n{}",
        "2;a=b\r\n{}\r\n0\r\nX: y\r\n\r\n",
        "2\r\n{}xx0\r\n\r\n",
        "\r\n",
        "2\n{}\n0\n\n",
        "0\r\n" + "X: y\r\n".repeat(2000) + "\r\n"
    };

    private final SplittableRandom random;
    private final String authority;

    HttpMutations(SplittableRandom random, String authority) {
        this.random = random;
        this.authority = authority;
    }

    /** What to send, and whether it may be a part of a request only, so that no answer may come until the connection ends. */
    record Raw(byte[] bytes, boolean unfinished) {}

    Raw mutate(String path, byte[] body) {
        String length = "Content-Length: " + body.length;
        return switch (random.nextInt(10)) {
            case 0 -> raw(head(pick(METHODS), path, "HTTP/1.1", length), body, true);
            case 1 -> raw(head(random.nextBoolean() ? "GET" : "POST", pick(TARGETS), "HTTP/1.1", length), body, true);
            case 2 -> raw(head("POST", path, pick(VERSIONS), length), body, true);
            case 3, 4 -> raw(head("POST", path, "HTTP/1.1", length + "\r\n" + pick(HEADERS)), body, true);
            case 5 -> raw(head("POST", path, "HTTP/1.1", "Content-Length: " + pick(LENGTHS)), body, true);
            case 6 ->
                raw(
                        head(
                                "POST",
                                path,
                                "HTTP/1.1",
                                "Transfer-Encoding: " + (random.nextInt(4) == 0 ? "chunked, gzip" : "chunked")
                                        + (random.nextInt(4) == 0 ? "\r\n" + length : "")),
                        pick(CHUNKS).getBytes(StandardCharsets.ISO_8859_1),
                        true);
            case 7 -> cut(raw(head("POST", path, "HTTP/1.1", length), body, true));
            case 8 -> noise();
            default ->
                new Raw(
                        new JsonMutations(random)
                                .flipped(raw(head("POST", path, "HTTP/1.1", length), body, true)
                                        .bytes()),
                        true);
        };
    }

    /** A request that is well-formed HTTP, whatever the body is. */
    byte[] wellFormed(String path, byte[] body) {
        return raw(head("POST", path, "HTTP/1.1", "Content-Length: " + body.length), body, false)
                .bytes();
    }

    private String head(String method, String target, String version, String headers) {
        String host = random.nextInt(50) == 0 ? "" : "Host: " + authority + "\r\n";
        String type = headers.contains("Content-Type") ? "" : "Content-Type: application/json\r\n";
        return method + " " + target + " " + version + "\r\n" + host + type + headers + "\r\n\r\n";
    }

    private static Raw raw(String head, byte[] body, boolean unfinished) {
        byte[] start = head.getBytes(StandardCharsets.ISO_8859_1);
        byte[] bytes = Arrays.copyOf(start, start.length + body.length);
        System.arraycopy(body, 0, bytes, start.length, body.length);
        return new Raw(bytes, unfinished);
    }

    private Raw cut(Raw whole) {
        return new Raw(Arrays.copyOf(whole.bytes(), random.nextInt(whole.bytes().length)), true);
    }

    /** Random bytes, at times with the beginning of a TLS handshake. */
    private Raw noise() {
        byte[] bytes = new byte[random.nextInt(600)];
        random.nextBytes(bytes);
        if (bytes.length > 5 && random.nextBoolean()) {
            System.arraycopy(new byte[] {0x16, 3, 1, 2, 0}, 0, bytes, 0, 5);
        }
        return new Raw(bytes, true);
    }

    private String pick(String[] values) {
        return values[random.nextInt(values.length)];
    }
}
