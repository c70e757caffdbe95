package dev.parlance.server.http;

import java.util.Map;
import java.util.Objects;

/** Why a request is not let in: a status of 4xx or 503 and one line for the client, without text of the request. */
final class HttpRefusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final transient Map<String, String> headers;

    HttpRefusal(int status, String message) {
        this(status, message, Map.of());
    }

    HttpRefusal(int status, String message, Map<String, String> headers) {
        super(message, null, false, false);
        this.status = status;
        this.headers = headers;
    }

    int status() {
        return status;
    }

    Map<String, String> headers() {
        return headers;
    }

    String reason() {
        return Objects.requireNonNull(getMessage());
    }
}
