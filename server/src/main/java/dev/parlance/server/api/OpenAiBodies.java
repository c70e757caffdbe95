package dev.parlance.server.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Requests and replies as OpenAI has them. */
final class OpenAiBodies {
    private OpenAiBodies() {}

    /** How numbers of an embedding are written. */
    enum EncodingFormat {
        FLOAT,
        BASE64;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    record EmbeddingsRequest(
            @JsonPropertyDescription("Texts, or their token ids by the model's own tokenizer.")
            TextsOrIds input,

            @JsonPropertyDescription("The name of the model; without it the first one.") @Nullable
            String model,

            @JsonPropertyDescription("Numbers, or little-endian float32 in base64.")
            @JsonProperty(defaultValue = "float")
            @Nullable
            EncodingFormat encodingFormat,

            @JsonPropertyDescription("Keeps only so many numbers of each embedding.") @Nullable
            Integer dimensions,

            @JsonPropertyDescription("Who the request is for; has no effect.") @Nullable
            String user) {
        EmbeddingsRequest {
            BadField.required(input, "input", "a string or an array of strings");
        }
    }

    record EmbeddingsReply(String object, List<EmbeddingItem> data, String model, Usage usage) {}

    record EmbeddingItem(String object, Numbers embedding, int index) {}

    record Usage(int promptTokens, int totalTokens) {}

    /** An embedding in one of the two formats. */
    @OneOf({float[].class, String.class})
    record Numbers(float[] values, EncodingFormat format) {
        @JsonValue
        Object value() {
            return format == EncodingFormat.BASE64 ? Vectors.base64(values) : values;
        }
    }

    record ModelItem(
            String id,
            String object,

            @JsonPropertyDescription("When it was loaded, in seconds since 1970.")
            long created,

            String ownedBy) {}

    record ModelList(String object, List<ModelItem> data) {}
}
