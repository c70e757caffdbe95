package dev.parlance.server.http;

import io.vertx.core.MultiMap;

/** What browsers are told to be careful about; an answer that says so itself is left alone. */
final class SecurityHeaders {
    private static final String CLOSED = "default-src 'none'; frame-ancestors 'none'";
    private static final String PAGE = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
            + " font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none';"
            + " frame-ancestors 'none'";

    private SecurityHeaders() {}

    static void apply(String contentType, MultiMap headers) {
        boolean page = contentType.startsWith("text/html");
        set(headers, "X-Content-Type-Options", "nosniff");
        set(headers, "Content-Security-Policy", page ? PAGE : CLOSED);
        set(headers, "Referrer-Policy", "no-referrer");
        set(headers, "X-Frame-Options", "DENY");
        if (page) {
            set(headers, "Cross-Origin-Opener-Policy", "same-origin");
            set(headers, "Permissions-Policy", "camera=(), geolocation=(), microphone=()");
        } else {
            set(headers, "Cache-Control", "no-store");
        }
    }

    private static void set(MultiMap headers, String name, String value) {
        if (!headers.contains(name)) {
            headers.set(name, value);
        }
    }
}
