package dev.parlance.server.api;

import dev.parlance.config.UserError;
import dev.parlance.server.engine.Refusal;
import dev.parlance.server.engine.Refusal.Kind;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The clients that a route is for, which decide how it says that a request gets no answer. */
public enum Dialect {
    HUGGING_FACE("Hugging Face Inference"),
    TEXT_EMBEDDINGS("text-embeddings-inference"),
    OPENAI("OpenAI"),
    KSERVE("KServe v2"),
    PARLANCE("Parlance");

    private static final Logger LOG = LoggerFactory.getLogger(Dialect.class);
    private static final Set<String> TEXT_EMBEDDINGS_PATHS = Set.of(
            "/embed", "/embed_all", "/predict", "/rerank", "/similarity", "/tokenize", "/decode", "/info", "/health");

    private final String title;

    Dialect(String title) {
        this.title = title;
    }

    /** What people call it. */
    public String title() {
        return title;
    }

    /** The dialect that a path belongs to, whether or not there is such a route. */
    public static Dialect of(String path) {
        if (path.startsWith("/v1/")) {
            return OPENAI;
        }
        if (path.equals("/v2") || path.startsWith("/v2/")) {
            return KSERVE;
        }
        if (path.startsWith("/models/")) {
            return HUGGING_FACE;
        }
        return TEXT_EMBEDDINGS_PATHS.contains(path) ? TEXT_EMBEDDINGS : PARLANCE;
    }

    /** Says why there is no answer, with a Retry-After header if that is known. */
    public Reply refuse(Refusal refusal) {
        return reply(status(refusal.kind()), refusal.reason(), refusal.kind(), null, refusal.retryAfter());
    }

    /**
     * Says that a request was not let in, for example because it has no key or its JSON is broken.
     *
     * @param status of HTTP, from 400 on
     * @param message one line, without text of requests
     */
    public Reply refuse(int status, String message) {
        return reply(status, message, null, null, null);
    }

    /** What a failure is to a client; one that is nobody's mistake is logged, without its message. */
    Reply refuse(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof Refusal refusal) {
            return refuse(refusal);
        }
        if (cause instanceof BadField bad) {
            return reply(status(Kind.VALIDATION), bad.sentence(), Kind.VALIDATION, bad.path(), null);
        }
        if (cause instanceof UserError error && this == PARLANCE) { // an administrator's mistake
            return refuse(new Refusal(Kind.VALIDATION, String.valueOf(error.getMessage())));
        }
        if (cause instanceof RejectedExecutionException) {
            return refuse(new Refusal(Kind.OVERLOADED, "too much of this is going on, try again later"));
        }
        if (cause instanceof CancellationException) {
            return refuse(new Refusal(Kind.UNHEALTHY, "the request was given up"));
        }
        LOG.error("a request failed", new WithoutMessage(cause));
        return refuse(new Refusal(Kind.BACKEND, "the server failed on this request; its log says where"));
    }

    /** What a failure was and where, without its message, which might hold a user's text. */
    private static final class WithoutMessage extends RuntimeException {
        private static final long serialVersionUID = 1;

        WithoutMessage(Throwable failure) {
            super(failure.getClass().getName());
            setStackTrace(failure.getStackTrace());
        }
    }

    /** The status of HTTP for a reason. */
    int status(Kind kind) {
        return switch (kind) {
            case NOT_FOUND -> 404;
            case UNHEALTHY -> 503;
            case OVERLOADED -> 429;
            case VALIDATION -> this == TEXT_EMBEDDINGS ? 422 : 400;
            case TOO_LARGE -> 413;
            case EMPTY -> 400;
            case TOKENIZER -> this == TEXT_EMBEDDINGS ? 422 : 400;
            case BACKEND -> this == TEXT_EMBEDDINGS ? 424 : 500;
            case TIMEOUT -> 504;
        };
    }

    /** The type of the bodies of errors. */
    Class<?> errorType() {
        return switch (this) {
            case OPENAI -> Errors.WrappedError.class;
            case TEXT_EMBEDDINGS -> Errors.TypedError.class;
            default -> Errors.PlainError.class;
        };
    }

    private Reply reply(
            int status, String message, @Nullable Kind kind, @Nullable String field, @Nullable Duration retryAfter) {
        Map<String, String> headers = retryAfter == null
                ? Map.of()
                : Map.of("Retry-After", Long.toString(Math.max(1, (retryAfter.toMillis() + 999) / 1000)));
        return ApiJson.reply(status, body(status, message, kind, field), headers);
    }

    private Object body(int status, String message, @Nullable Kind kind, @Nullable String field) {
        return switch (this) {
            case TEXT_EMBEDDINGS -> new Errors.TypedError(message, typeOf(status, kind));
            case OPENAI ->
                new Errors.WrappedError(new Errors.ErrorDetail(
                        message,
                        status == 429 ? "requests" : status < 500 ? "invalid_request_error" : "server_error",
                        field == null || field.isEmpty() ? null : field,
                        codeOf(status, kind)));
            default -> new Errors.PlainError(message);
        };
    }

    private static String typeOf(int status, @Nullable Kind kind) {
        if (kind == Kind.EMPTY) {
            return "Empty";
        }
        if (kind == Kind.TOKENIZER) {
            return "Tokenizer";
        }
        return switch (status) {
            case 429 -> "Overloaded";
            case 503 -> "Unhealthy";
            case 424, 500, 504 -> "Backend";
            default -> "Validation";
        };
    }

    private static @Nullable String codeOf(int status, @Nullable Kind kind) {
        if (kind == Kind.NOT_FOUND) {
            return "model_not_found";
        }
        if (status == 429) {
            return "rate_limit_exceeded";
        }
        return status == 401 ? "invalid_api_key" : null;
    }
}
