package dev.parlance.server.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Requests and replies as text-embeddings-inference has them. */
final class TextEmbeddingsBodies {
    private static final String TRUNCATE = "Whether a text that is too long is cut at its end; if not, it is refused."
            + " Without a value the server's setting decides.";
    private static final String MODEL = "Which model answers, beyond text-embeddings-inference, which has only one;"
            + " without a value the first one.";
    private static final String PROMPT = "The name of one of the model's prompts, which is put before each text.";

    private TextEmbeddingsBodies() {}

    /** The end at which long texts are cut. */
    enum Direction {
        LEFT,
        RIGHT;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }

        static void check(@Nullable Direction direction, String field) {
            if (direction == LEFT) {
                throw BadField.wrong(field, "left", "right, since texts are cut at their end");
            }
        }
    }

    record EmbedRequest(
            TextsOrIds inputs,

            @JsonPropertyDescription("Whether embeddings are scaled to length 1.")
            @JsonProperty(defaultValue = "true")
            @Nullable
            Boolean normalize,

            @JsonPropertyDescription(TRUNCATE) @Nullable Boolean truncate,

            @JsonPropertyDescription("Only right.") @Nullable
            Direction truncationDirection,

            @JsonPropertyDescription(PROMPT) @Nullable String promptName,

            @JsonPropertyDescription("Keeps only so many numbers of each embedding.") @Nullable
            Integer dimensions,

            @JsonPropertyDescription(MODEL) @Nullable String model) {
        EmbedRequest {
            BadField.required(inputs, "inputs", "a string or an array of strings");
            Direction.check(truncationDirection, "truncation_direction");
        }

        /** Text-embeddings-inference scales unless told not to. */
        boolean scales() {
            return normalize == null || normalize;
        }
    }

    record EmbedAllRequest(
            TextsOrIds inputs,
            @JsonPropertyDescription(TRUNCATE) @Nullable Boolean truncate,

            @JsonPropertyDescription("Only right.") @Nullable
            Direction truncationDirection,

            @JsonPropertyDescription(PROMPT) @Nullable String promptName,
            @JsonPropertyDescription(MODEL) @Nullable String model) {
        EmbedAllRequest {
            BadField.required(inputs, "inputs", "a string or an array of strings");
        }
    }

    record PredictRequest(
            @JsonPropertyDescription(
                    "A text, a pair in an array of two, or a batch of texts and pairs in arrays of their own.")
            Sequences inputs,

            @JsonPropertyDescription("Whether scores are logits rather than probabilities.")
            @JsonProperty(defaultValue = "false")
            @Nullable
            Boolean rawScores,

            @JsonPropertyDescription(TRUNCATE) @Nullable Boolean truncate,

            @JsonPropertyDescription("Only right.") @Nullable
            Direction truncationDirection,

            @JsonPropertyDescription(MODEL) @Nullable String model) {
        PredictRequest {
            BadField.required(inputs, "inputs", "a string, a pair of strings or a batch of them");
            Direction.check(truncationDirection, "truncation_direction");
        }

        Scores.Function function() {
            return Boolean.TRUE.equals(rawScores) ? Scores.Function.NONE : Scores.Function.SOFTMAX;
        }
    }

    /** The labels of a text, or of each text of a batch. */
    @OneOf({Scores.Scored[].class, Scores.Scored[][].class})
    record PredictReply(List<List<Scores.Scored>> all, boolean batch) {
        @JsonValue
        Object value() {
            return batch ? all : all.get(0);
        }
    }

    record RerankRequest(
            @JsonPropertyDescription("What is looked for.") String query,

            @JsonPropertyDescription("The texts to bring into order.")
            List<String> texts,

            @JsonPropertyDescription(
                    "Whether scores are cosines, in [-1, 1]; if not, they are (1 + cosine) / 2, in [0, 1].")
            @JsonProperty(defaultValue = "false")
            @Nullable
            Boolean rawScores,

            @JsonPropertyDescription("Whether the reply has the texts.") @JsonProperty(defaultValue = "false") @Nullable
            Boolean returnText,

            @JsonPropertyDescription(TRUNCATE) @Nullable Boolean truncate,

            @JsonPropertyDescription("Only right.") @Nullable
            Direction truncationDirection,

            @JsonPropertyDescription(MODEL) @Nullable String model) {
        RerankRequest {
            BadField.required(query, "query", "a string");
            texts = Strings.checked(texts, "texts");
            Direction.check(truncationDirection, "truncation_direction");
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Rank(
            @JsonPropertyDescription("The text's place in the request, from 0.")
            int index,

            @JsonPropertyDescription("The text, if asked for.") @Nullable
            String text,

            float score) {}

    record SimilarityRequest(
            SimilarityInputs inputs,
            @Nullable SimilarityParameters parameters,
            @JsonPropertyDescription(MODEL) @Nullable String model) {
        SimilarityRequest {
            BadField.required(inputs, "inputs", "an object with source_sentence and sentences");
        }
    }

    record SimilarityInputs(
            @JsonPropertyDescription("The text that the others are compared with.")
            String sourceSentence,

            List<String> sentences) {
        SimilarityInputs {
            BadField.required(sourceSentence, "source_sentence", "a string");
            sentences = Strings.checked(sentences, "sentences");
        }
    }

    record SimilarityParameters(
            @JsonPropertyDescription(TRUNCATE) @Nullable Boolean truncate,

            @JsonPropertyDescription("Only right.") @Nullable
            Direction truncationDirection,

            @JsonPropertyDescription(PROMPT) @Nullable String promptName) {
        SimilarityParameters {
            Direction.check(truncationDirection, "truncation_direction");
        }
    }

    record TokenizeRequest(
            Texts inputs,
            @JsonProperty(defaultValue = "true") @Nullable Boolean addSpecialTokens,
            @JsonPropertyDescription(PROMPT) @Nullable String promptName,
            @JsonPropertyDescription(MODEL) @Nullable String model) {
        TokenizeRequest {
            BadField.required(inputs, "inputs", "a string or an array of strings");
        }
    }

    record Token(
            int id,

            @JsonPropertyDescription("The part of the text that the token stands for; of a special token its name.")
            String text,

            @JsonPropertyDescription("Whether the tokenizer added it.")
            boolean special,

            @JsonPropertyDescription("Where it begins in the text, in Unicode code points; null for a special token.")
            @Nullable
            Integer start,

            @JsonPropertyDescription("Where it ends in the text, exclusive; null for a special token.") @Nullable
            Integer stop) {}

    record DecodeRequest(
            TokenIds ids,
            @JsonProperty(defaultValue = "true") @Nullable Boolean skipSpecialTokens,
            @JsonPropertyDescription(MODEL) @Nullable String model) {
        DecodeRequest {
            BadField.required(ids, "ids", "an array of token ids or an array of such arrays");
        }
    }

    /** What {@code /info} says. */
    record Info(
            String modelId,
            @Nullable String modelSha,
            String modelDtype,
            ModelType modelType,
            int maxConcurrentRequests,
            int maxInputLength,
            int maxBatchTokens,
            @Nullable Integer maxBatchRequests,
            int maxClientBatchSize,
            boolean autoTruncate,
            int tokenizationWorkers,
            String version,
            @Nullable String sha,
            @Nullable String dockerLabel) {}

    /** Exactly one of the two. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ModelType(
            @Nullable ClassifierModel classifier, @Nullable EmbeddingModel embedding) {}

    record ClassifierModel(Map<String, String> id2label, Map<String, Integer> label2id) {}

    record EmbeddingModel(String pooling) {}
}
