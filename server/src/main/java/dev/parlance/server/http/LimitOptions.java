package dev.parlance.server.http;

/**
 * How much a client may send, and how long it may take.
 *
 * @param maxConcurrentRequests requests for work (POST, PUT) that are being answered at once; more get 429
 * @param payloadLimit bytes of a body; more get 413
 * @param bufferLimit bytes of all bodies that are being received or answered; more get 429; 0 is an eighth of the heap
 * @param maxConnections open connections; more are closed at once
 * @param maxRequestLine bytes of the first line; more get 414
 * @param maxHeaderBytes bytes of all headers; more get 431
 * @param maxHeaders number of headers; more get 431
 * @param maxJsonDepth arrays and objects within each other
 * @param maxJsonTokens values, names and brackets of a body
 * @param maxNumberLength chars of a number
 * @param headerTimeout from connecting to the end of the first request's headers
 * @param bodyTimeout from the headers to the end of the body; later gets 408
 * @param keepAliveTimeout how long a connection stays open without a request
 * @param requestTimeout how long an answer may take; later gets 504
 * @param responseTimeout how long a client may take to read its answer
 */
public record LimitOptions(
        int maxConcurrentRequests,
        int payloadLimit,
        long bufferLimit,
        int maxConnections,
        int maxRequestLine,
        int maxHeaderBytes,
        int maxHeaders,
        int maxJsonDepth,
        int maxJsonTokens,
        int maxNumberLength,
        TimeSpan headerTimeout,
        TimeSpan bodyTimeout,
        TimeSpan keepAliveTimeout,
        TimeSpan requestTimeout,
        TimeSpan responseTimeout) {
    public LimitOptions {
        Ranges.check("limits.max_concurrent_requests", maxConcurrentRequests, 1, 1_000_000);
        Ranges.check("limits.payload_limit", payloadLimit, 1, 1L << 30);
        Ranges.check("limits.buffer_limit", bufferLimit, 0, Long.MAX_VALUE);
        Ranges.check("limits.max_connections", maxConnections, 1, 1_000_000);
        Ranges.check("limits.max_request_line", maxRequestLine, 64, 1 << 20);
        Ranges.check("limits.max_header_bytes", maxHeaderBytes, 256, 1 << 20);
        Ranges.check("limits.max_headers", maxHeaders, 4, 10_000);
        Ranges.check("limits.max_json_depth", maxJsonDepth, 4, 1000);
        Ranges.check("limits.max_json_tokens", maxJsonTokens, 16, 1 << 30);
        Ranges.check("limits.max_number_length", maxNumberLength, 16, 1000);
        Ranges.atLeast("limits.header_timeout", headerTimeout, 100);
        Ranges.atLeast("limits.body_timeout", bodyTimeout, 100);
        Ranges.atLeast("limits.keep_alive_timeout", keepAliveTimeout, 100);
        Ranges.atLeast("limits.request_timeout", requestTimeout, 10);
        Ranges.atLeast("limits.response_timeout", responseTimeout, 100);
    }

    static LimitOptions defaults() {
        return new LimitOptions(
                512,
                2_000_000,
                0,
                4096,
                8192,
                16_384,
                100,
                64,
                262_144,
                100,
                TimeSpan.ofSeconds(10),
                TimeSpan.ofSeconds(30),
                TimeSpan.ofSeconds(75),
                TimeSpan.ofSeconds(60),
                TimeSpan.ofSeconds(60));
    }

    /** Bytes of all bodies at once. */
    long bufferBytes() {
        return bufferLimit > 0
                ? bufferLimit
                : Math.max(payloadLimit, Runtime.getRuntime().maxMemory() / 8);
    }
}
