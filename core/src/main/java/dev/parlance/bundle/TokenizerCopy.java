package dev.parlance.bundle;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.Json;
import dev.parlance.config.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Takes a base model's tokenizer over into a bundle. */
final class TokenizerCopy {
    static final String TOKENIZER = "tokenizer.json";
    static final String CONFIG = "tokenizer_config.json";
    /** Files that are copied as they are, where the base model has them. */
    static final List<String> OTHERS = List.of(
            "special_tokens_map.json",
            "added_tokens.json",
            "vocab.txt",
            "vocab.json",
            "merges.txt",
            "sentencepiece.bpe.model",
            "spm.model");

    private TokenizerCopy() {}

    static void copy(Path from, Path to, int maxLength) throws IOException {
        copyTokenizer(from.resolve(TOKENIZER), to.resolve(TOKENIZER));
        for (String name : OTHERS) {
            if (Files.isRegularFile(from.resolve(name))) {
                Files.copy(from.resolve(name), to.resolve(name));
            }
        }
        Path config = from.resolve(CONFIG);
        ObjectNode settings = Files.isRegularFile(config) ? Json.readObject(config) : Json.object();
        settings.remove(List.of("name_or_path", "special_tokens_map_file")); // paths of whoever saved the base model
        settings.put("model_max_length", maxLength);
        Files.writeString(to.resolve(CONFIG), Json.pretty(settings));
    }

    /** Byte for byte, unless it has a truncation or padding baked in, which would override the model's own limit. */
    private static void copyTokenizer(Path from, Path to) throws IOException {
        if (!Files.isRegularFile(from)) {
            throw new UserError(from + " is missing, expected the tokenizer of the base model; convert a slow tokenizer"
                    + " with transformers' AutoTokenizer.save_pretrained");
        }
        ObjectNode tokenizer = Json.readObject(from);
        if (tokenizer.path("truncation").isObject() || tokenizer.path("padding").isObject()) {
            tokenizer.putNull("truncation");
            tokenizer.putNull("padding");
            Files.writeString(to, Json.pretty(tokenizer));
        } else {
            Files.copy(from, to);
        }
    }
}
