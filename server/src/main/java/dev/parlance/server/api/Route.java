package dev.parlance.server.api;

import java.util.concurrent.CompletionStage;

/**
 * One operation of the server.
 *
 * @param method of HTTP: GET, POST, PUT or DELETE
 * @param path with parameters in braces, for example {@code /v2/models/{model}/infer}; {@code {model+}} may hold slashes
 * @param access who may call it
 * @param handler what it does; never throws: what goes wrong is in its reply
 */
public record Route(String method, String path, Access access, Handler handler) {
    /** Who may call a route. */
    public enum Access {
        /** Everyone: health, the page, the document. */
        PUBLIC,
        /** Who has a key, if keys are set. */
        CLIENT,
        /** Who has a key for administration; without such a key it is closed. */
        ADMIN
    }

    /** Answers calls. The stage completes on any thread; cancelling its future gives the work up. */
    @FunctionalInterface
    public interface Handler {
        CompletionStage<Reply> handle(Call call);
    }
}
