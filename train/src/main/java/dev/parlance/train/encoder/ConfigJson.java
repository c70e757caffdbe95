package dev.parlance.train.encoder;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parlance.config.UserError;
import dev.parlance.train.nn.Activation;

/** Reads the keys of a config.json; the defaults are those of transformers' configuration classes. */
final class ConfigJson {
    private final JsonNode config;
    private final String where;

    ConfigJson(JsonNode config, String where) {
        this.config = config;
        this.where = where;
    }

    EncoderConfig toEncoderConfig() {
        Architecture architecture = architecture();
        refuse("is_decoder", "true", "a decoder");
        refuse("is_encoder_decoder", "true", "an encoder-decoder");
        if (config.hasNonNull("position_embedding_type")
                && !config.get("position_embedding_type").asText().equals("absolute")) {
            throw new UserError(where + ": position_embedding_type is "
                    + config.get("position_embedding_type").asText() + "; only absolute is implemented");
        }
        return architecture == Architecture.DISTILBERT ? distilbert() : bertLike(architecture);
    }

    private EncoderConfig bertLike(Architecture architecture) {
        int hiddenSize = size("hidden_size");
        double hiddenDropout = number("hidden_dropout_prob", 0.1);
        return new EncoderConfig(
                architecture,
                size("vocab_size"),
                config.hasNonNull("embedding_size") ? size("embedding_size") : hiddenSize,
                hiddenSize,
                size("num_hidden_layers"),
                size("num_attention_heads"),
                size("intermediate_size"),
                activation("hidden_act"),
                hiddenDropout,
                number("attention_probs_dropout_prob", 0.1),
                number("classifier_dropout", hiddenDropout),
                size("max_position_embeddings"),
                (int) number("type_vocab_size", 2),
                number("layer_norm_eps", 1e-12),
                (int) number("pad_token_id", architecture.positions() == Architecture.Positions.BY_INDEX ? 0 : 1),
                number("initializer_range", 0.02));
    }

    private EncoderConfig distilbert() {
        int dim = size("dim");
        return new EncoderConfig(
                Architecture.DISTILBERT,
                size("vocab_size"),
                dim,
                dim,
                size("n_layers"),
                size("n_heads"),
                size("hidden_dim"),
                activation("activation"),
                number("dropout", 0.1),
                number("attention_dropout", 0.1),
                number("seq_classif_dropout", 0.2),
                size("max_position_embeddings"),
                0,
                1e-12,
                (int) number("pad_token_id", 0),
                number("initializer_range", 0.02));
    }

    private Architecture architecture() {
        String modelType = config.path("model_type").asText("");
        return Architecture.ofModelType(modelType)
                .orElseThrow(() -> new UserError(where + ": model_type is '" + modelType + "'; expected one of "
                        + String.join(", ", Architecture.modelTypes())));
    }

    private Activation activation(String key) {
        String name = config.path(key).asText("gelu");
        return Activation.ofName(name)
                .orElseThrow(() -> new UserError(where + ": " + key + " is '" + name + "'; expected one of "
                        + String.join(", ", Activation.names())));
    }

    private int size(String key) {
        JsonNode value = config.path(key);
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.asInt() < 1) {
            String found = value.isMissingNode() ? "missing" : value.toString();
            throw new UserError(where + ": " + key + " is " + found + "; expected a whole number of at least 1");
        }
        return value.asInt();
    }

    private double number(String key, double otherwise) {
        JsonNode value = config.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (!value.isNumber()) {
            throw new UserError(where + ": " + key + " is " + value + "; expected a number");
        }
        return value.asDouble();
    }

    private void refuse(String key, String value, String what) {
        if (config.path(key).asText("").equals(value)) {
            throw new UserError(where + ": " + key + " is " + value + ", so this is " + what
                    + "; expected an encoder such as bert-base-uncased");
        }
    }
}
