package dev.parlance.server.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** The bodies of replies that say why there is no answer, one for each way of saying it. */
final class Errors {
    private Errors() {}

    /** As Hugging Face Inference and KServe say it. */
    record PlainError(
            @JsonPropertyDescription("What is wrong, on one line.")
            String error) {}

    /** As text-embeddings-inference says it. */
    record TypedError(
            @JsonPropertyDescription("What is wrong, on one line.")
            String error,

            @JsonPropertyDescription("Unhealthy, Backend, Overloaded, Validation, Tokenizer or Empty.")
            String errorType) {}

    /** As OpenAI says it. */
    record WrappedError(ErrorDetail error) {}

    /** The inside of an OpenAI error. */
    record ErrorDetail(
            @JsonPropertyDescription("What is wrong, on one line.")
            String message,

            @JsonPropertyDescription("invalid_request_error, requests or server_error.")
            String type,

            @JsonPropertyDescription("The field that is wrong.") @Nullable
            String param,

            @JsonPropertyDescription("For programs, for example model_not_found.") @Nullable
            String code) {}
}
