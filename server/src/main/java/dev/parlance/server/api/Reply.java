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

    /** The header that names the model that answered; metrics and logs read it, too. */
    public static final String MODEL = "x-parlance-model";

    /** The header that names its version, which may be a canary. */
    public static final String VERSION = "x-parlance-model-version";

    public Reply {
        headers = Map.copyOf(headers);
    }
}
