package dev.parlance.server.api;

import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One operation of the server.
 *
 * @param method of HTTP: GET, POST, PUT or DELETE
 * @param path with parameters in braces, for example {@code /v2/models/{model}/infer}; {@code {model+}} may hold slashes
 * @param access who may call it
 * @param handler what it does; never throws: what goes wrong is in its reply
 * @param doc what the OpenAPI document says of it; null for a route that is no part of the API, such as the page's files
 */
public record Route(
        String method,
        String path,
        Access access,
        Handler handler,
        @Nullable RouteDoc doc) {
    /** A route that the OpenAPI document leaves out. */
    public Route(String method, String path, Access access, Handler handler) {
        this(method, path, access, handler, null);
    }

    static Route get(String path, Access access, Handler handler, RouteDoc doc) {
        return new Route("GET", path, access, handler, doc);
    }

    static Route post(String path, Access access, Handler handler, RouteDoc doc) {
        return new Route("POST", path, access, handler, doc);
    }

    /** The dialect of its replies. */
    public Dialect dialect() {
        return doc == null ? Dialect.of(path) : Objects.requireNonNull(doc).dialect();
    }

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
