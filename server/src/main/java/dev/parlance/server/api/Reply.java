package dev.parlance.server.api;

import java.util.Map;

/**
 * What a route answers.
 *
 * @param status of HTTP
 * @param contentType of the body
 * @param body in UTF-8; not copied, not to be changed
 * @param headers besides Content-Type and Content-Length
 */
public record Reply(int status, String contentType, byte[] body, Map<String, String> headers) {
    /** The content type of JSON. */
    public static final String JSON = "application/json";

    public Reply {
        headers = Map.copyOf(headers);
    }
}
