package dev.parlance.server.http;

import dev.parlance.server.api.Dialect;
import dev.parlance.server.api.Reply;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/** Answers what is no HTTP request, or has too long a head; the connection ends, since nobody knows where the next begins. */
final class InvalidRequest {
    private InvalidRequest() {}

    static void answer(HttpServerRequest request) {
        DecoderResult result = request.decoderResult();
        Throwable cause = result.cause();
        Reply reply = cause instanceof TooLongHttpLineException
                ? Dialect.PARLANCE.refuse(414, "the first line of the request is too long")
                : cause instanceof TooLongHttpHeaderException
                        ? Dialect.PARLANCE.refuse(431, "the headers of the request are too long")
                        : Dialect.PARLANCE.refuse(400, "this is no HTTP request that can be read");
        request.response()
                .setStatusCode(reply.status())
                .putHeader("Connection", "close")
                .putHeader("Content-Type", reply.contentType())
                .putHeader("X-Content-Type-Options", "nosniff")
                .end(Buffer.buffer(reply.body()))
                .onComplete(sent -> request.connection().close());
    }
}
