package dev.parlance.server.http;

import dev.parlance.config.Json;
import dev.parlance.server.api.Reply;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What a request that is not let in is told. */
final class ErrorReply {
    private ErrorReply() {}

    static Reply of(String path, int status, String message) {
        Map<String, String> error = Map.of("error", message);
        return new Reply(status, "application/json", Json.line(error).getBytes(StandardCharsets.UTF_8), Map.of());
    }
}
