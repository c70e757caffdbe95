package dev.parlance.config;

/**
 * Which model to start from.
 *
 * @param modelNameOrPath {@code auto} (a built-in that fits the language of the data), a built-in name, {@code linear}, a directory in Hugging Face layout, or {@code hf:owner/name[@revision]}
 * @param maxLength longest text in tokens, special tokens included; longer ones are cut
 * @param dropout dropout of hidden states and attention; -1 keeps what the model's config.json says
 * @param resetHead whether to start a new classification head even if the model has one
 */
public record ModelConfig(String modelNameOrPath, int maxLength, double dropout, boolean resetHead) {
    /** The built-in encoder that fits the language of the data. */
    public static ModelConfig defaults() {
        return new ModelConfig("auto", 128, -1, false);
    }

    public ModelConfig {
        if (modelNameOrPath.isBlank()) {
            throw new UserError(
                    "model.model_name_or_path is empty, expected a built-in name, a directory or hf:owner/name");
        }
        Check.range("model.max_length", maxLength, 3, 100_000);
        if (dropout != -1) {
            Check.range("model.dropout", dropout, 0, 0.99);
        }
    }
}
