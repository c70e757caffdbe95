package dev.parlance.server.engine;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Why a request gets no answer. The message is for the client: one line, without text of other requests or paths. */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What kind of reason; each dialect maps it to a status and words of its own. */
    public enum Kind {
        /** No such model or version. */
        NOT_FOUND,
        /** A model is not ready yet, or the server is shutting down. */
        UNHEALTHY,
        /** The queue is full or a rate limit is reached: try again later. */
        OVERLOADED,
        /** A value is of the wrong type or out of its range. */
        VALIDATION,
        /** Too many inputs, characters or tokens. */
        TOO_LARGE,
        /** There is nothing to answer to. */
        EMPTY,
        /** The text could not be tokenized. */
        TOKENIZER,
        /** The model failed. */
        BACKEND,
        /** The deadline passed before the model answered. */
        TIMEOUT
    }

    private final Kind kind;
    private final transient @Nullable Duration retryAfter;

    public Refusal(Kind kind, String message) {
        this(kind, message, null);
    }

    /** A refusal that says when to try again. */
    public Refusal(Kind kind, String message, @Nullable Duration retryAfter) {
        super(message, null, false, false);
        this.kind = kind;
        this.retryAfter = retryAfter;
    }

    public Kind kind() {
        return kind;
    }

    /** When to try again, if that is known. */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }

    /** The message, which is never null. */
    public String reason() {
        return Objects.requireNonNull(getMessage());
    }
}
