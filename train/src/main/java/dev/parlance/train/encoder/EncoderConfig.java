package dev.parlance.train.encoder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parlance.config.UserError;
import dev.parlance.train.nn.Activation;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The shape of an encoder, as a Hugging Face config.json gives it.
 *
 * @param architecture from {@code model_type}
 * @param vocabSize rows of the token table
 * @param embeddingSize width of the token table; other than {@code hiddenSize} only for electra
 * @param hiddenSize width of the hidden states, a multiple of {@code heads}
 * @param layers number of transformer blocks
 * @param heads attention heads of a block
 * @param intermediateSize width inside the feed-forward network
 * @param activation of the feed-forward network
 * @param hiddenDropout probability in [0, 1) after embeddings and sublayers
 * @param attentionDropout probability in [0, 1) on attention probabilities
 * @param classifierDropout probability in [0, 1) in a classification head
 * @param maxPositions rows of the position table
 * @param typeVocabSize rows of the token-type table, 0 for none
 * @param layerNormEps added to variances
 * @param padTokenId id of padding
 * @param initializerRange standard deviation of new weights
 */
public record EncoderConfig(
        Architecture architecture,
        int vocabSize,
        int embeddingSize,
        int hiddenSize,
        int layers,
        int heads,
        int intermediateSize,
        Activation activation,
        double hiddenDropout,
        double attentionDropout,
        double classifierDropout,
        int maxPositions,
        int typeVocabSize,
        double layerNormEps,
        int padTokenId,
        double initializerRange) {

    public EncoderConfig {
        if (heads < 1 || hiddenSize % heads != 0) {
            throw new UserError(
                    "config.json: " + heads + " attention heads do not divide a hidden size of " + hiddenSize);
        }
        if (padTokenId < 0 || padTokenId >= vocabSize) {
            throw new UserError("config.json: pad_token_id is " + padTokenId + "; expected 0 to " + (vocabSize - 1));
        }
        checkProbability("hidden dropout", hiddenDropout);
        checkProbability("attention dropout", attentionDropout);
        checkProbability("classifier dropout", classifierDropout);
    }

    /** Reads config.json; what it lacks or what is not implemented ends in a {@link UserError}. */
    public static EncoderConfig read(Path configJson) {
        try {
            return parse(new ObjectMapper().readTree(configJson.toFile()), configJson.toString());
        } catch (IOException e) {
            throw new UserError(configJson + ": no readable JSON file; expected the config.json of a model", e);
        }
    }

    /** Takes the encoder's settings from a config.json; {@code where} names it in errors. */
    public static EncoderConfig parse(JsonNode config, String where) {
        return new ConfigJson(config, where).toEncoderConfig();
    }

    /** Whether the model tells first and second text apart, so that its inputs include {@code token_type_ids}. */
    public boolean takesTokenTypeIds() {
        return typeVocabSize > 1;
    }

    /** The longest input in tokens, special tokens included. */
    public int maxTokens() {
        return architecture.positions() == Architecture.Positions.BY_INDEX
                ? maxPositions
                : maxPositions - padTokenId - 1;
    }

    /** A copy whose every dropout is {@code probability}; the same settings if it is negative. */
    public EncoderConfig withDropout(double probability) {
        if (probability < 0) {
            return this;
        }
        return new EncoderConfig(
                architecture,
                vocabSize,
                embeddingSize,
                hiddenSize,
                layers,
                heads,
                intermediateSize,
                activation,
                probability,
                probability,
                probability,
                maxPositions,
                typeVocabSize,
                layerNormEps,
                padTokenId,
                initializerRange);
    }

    private static void checkProbability(String what, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new UserError("config.json: " + what + " is " + value + "; expected at least 0 and below 1");
        }
    }
}
