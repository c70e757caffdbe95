package dev.parlance.server.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.parlance.server.api.TextEmbeddingsBodies.SimilarityInputs;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Requests and replies as Hugging Face Inference has them. */
final class HuggingFaceBodies {
    private static final String TRUNCATE = "Whether a text that is too long is cut at its end; if not, it is refused.";
    private static final String PROMPT = "The name of one of the model's prompts, which is put before each text.";

    private HuggingFaceBodies() {}

    /** What clients of the hosted service may ask of it. Nothing here has an effect: a model is loaded or it is not. */
    record Options(
            @Nullable Boolean useCache,
            @Nullable Boolean waitForModel,
            @Nullable Boolean useGpu) {}

    record ClassificationRequest(
            @JsonPropertyDescription("A text, a pair as an object with text and text_pair, or an array of them.")
            TextOrPairs inputs,

            @Nullable ClassificationParameters parameters,
            @Nullable Options options) {
        ClassificationRequest {
            BadField.required(inputs, "inputs", "a string or an array of strings");
        }
    }

    record ClassificationParameters(
            @JsonPropertyDescription("How many labels are given, best first; without it all.") @Nullable
            Integer topK,

            @JsonPropertyDescription("How logits become scores.") @JsonProperty(defaultValue = "softmax")
            Scores.@Nullable Function functionToApply,

            @JsonPropertyDescription(TRUNCATE) @Nullable Boolean truncation) {
        ClassificationParameters {
            if (topK != null && topK < 1) {
                throw BadField.wrong("top_k", topK.toString(), "a number from 1 on");
            }
        }
    }

    record FeatureRequest(
            @JsonPropertyDescription("A text or an array of texts.")
            Texts inputs,

            @Nullable FeatureParameters parameters,

            @JsonPropertyDescription("As in parameters; clients of this task send it here.") @Nullable
            Boolean normalize,

            @JsonPropertyDescription("As in parameters.") @Nullable
            Boolean truncate,

            @JsonPropertyDescription("As in parameters.") TextEmbeddingsBodies.@Nullable Direction truncationDirection,

            @JsonPropertyDescription("As in parameters.") @Nullable
            String promptName,

            @Nullable Options options) {
        FeatureRequest {
            BadField.required(inputs, "inputs", "a string or an array of strings");
            TextEmbeddingsBodies.Direction.check(truncationDirection, "truncation_direction");
        }

        /** What stands under {@code parameters}, and where that is silent what stands beside {@code inputs}. */
        FeatureParameters settled() {
            if (parameters == null) {
                return new FeatureParameters(normalize, truncate, truncationDirection, promptName);
            }
            return new FeatureParameters(
                    parameters.normalize != null ? parameters.normalize : normalize,
                    parameters.truncate != null ? parameters.truncate : truncate,
                    parameters.truncationDirection,
                    parameters.promptName != null ? parameters.promptName : promptName);
        }
    }

    record FeatureParameters(
            @JsonPropertyDescription(
                    "Whether embeddings are scaled to length 1; without it as the model's directory says.")
            @Nullable
            Boolean normalize,

            @JsonPropertyDescription(TRUNCATE) @Nullable Boolean truncate,
            @JsonPropertyDescription("Only right.") TextEmbeddingsBodies.@Nullable Direction truncationDirection,
            @JsonPropertyDescription(PROMPT) @Nullable String promptName) {
        FeatureParameters {
            TextEmbeddingsBodies.Direction.check(truncationDirection, "truncation_direction");
        }
    }

    record SentenceSimilarityRequest(
            SimilarityInputs inputs,
            TextEmbeddingsBodies.@Nullable SimilarityParameters parameters,
            @Nullable Options options) {
        SentenceSimilarityRequest {
            BadField.required(inputs, "inputs", "an object with source_sentence and sentences");
        }
    }

    /** What {@code GET /models/{model}} says. */
    record ModelReply(
            String id,
            String pipelineTag,
            String version,
            List<String> versions,
            List<String> labels,

            @JsonPropertyDescription("Length of embeddings; 0 for a classifier.")
            int dimensions,

            @JsonPropertyDescription("Longest text in tokens, special tokens included.")
            int maxLength,

            String modelType,
            String precision,
            Instant loaded) {}
}
