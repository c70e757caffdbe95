package dev.parlance.train.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** The tokenizer files of a built-in BERT model, made from its tokenizer.json. */
final class TokenizerFiles {
    private static final Map<String, String> SPECIAL_TOKENS = Map.of(
            "cls_token",
            "[CLS]",
            "mask_token",
            "[MASK]",
            "pad_token",
            "[PAD]",
            "sep_token",
            "[SEP]",
            "unk_token",
            "[UNK]");

    private final JsonMapper json;

    TokenizerFiles(JsonMapper json) {
        this.json = json;
    }

    /**
     * Writes tokenizer.json without the truncation and padding that were baked in, tokenizer_config.json,
     * special_tokens_map.json and vocab.txt.
     *
     * @param shipped the content of the tokenizer.json to start from
     */
    void write(byte[] shipped, int maxLength, Path directory) throws IOException {
        if (!(json.readTree(shipped) instanceof ObjectNode tokenizer)) {
            throw new IOException(ModelDirectory.TOKENIZER + " is no JSON object");
        }
        tokenizer.putNull("truncation");
        tokenizer.putNull("padding");
        Files.write(directory.resolve(ModelDirectory.TOKENIZER), json.writeValueAsBytes(tokenizer));
        write(directory.resolve("tokenizer_config.json"), config(tokenizer, maxLength));
        ObjectNode specialTokens = json.createObjectNode();
        putSpecialTokens(specialTokens);
        write(directory.resolve("special_tokens_map.json"), specialTokens);
        Files.writeString(
                directory.resolve("vocab.txt"),
                vocabulary(tokenizer.path("model").path("vocab")));
    }

    private ObjectNode config(JsonNode tokenizer, int maxLength) {
        JsonNode normalizer = tokenizer.path("normalizer");
        ObjectNode config = json.createObjectNode();
        ObjectNode added = config.putObject("added_tokens_decoder");
        for (JsonNode token : tokenizer.path("added_tokens")) {
            ObjectNode copy = token.deepCopy();
            copy.remove("id");
            added.set(token.path("id").asText(), copy);
        }
        config.put("clean_up_tokenization_spaces", true);
        config.put("do_lower_case", normalizer.path("lowercase").asBoolean());
        config.put("model_max_length", maxLength);
        putSpecialTokens(config);
        config.set("strip_accents", normalizer.path("strip_accents"));
        config.put(
                "tokenize_chinese_chars",
                normalizer.path("handle_chinese_chars").asBoolean());
        config.put("tokenizer_class", "BertTokenizer");
        return config;
    }

    private static void putSpecialTokens(ObjectNode node) {
        SPECIAL_TOKENS.keySet().stream().sorted().forEach(role -> node.put(role, SPECIAL_TOKENS.get(role)));
    }

    private static String vocabulary(JsonNode ids) throws IOException {
        String[] tokens = new String[ids.size()];
        for (Map.Entry<String, JsonNode> entry : ids.properties()) {
            int id = entry.getValue().asInt(-1);
            if (id < 0 || id >= tokens.length || tokens[id] != null) {
                throw new IOException("token '" + entry.getKey() + "' has the id " + entry.getValue()
                        + ", expected distinct ids below " + tokens.length);
            }
            tokens[id] = entry.getKey();
        }
        return String.join("\n", Arrays.asList(tokens)) + "\n";
    }

    private void write(Path file, JsonNode node) throws IOException {
        Files.writeString(
                file, json.writerWithDefaultPrettyPrinter().writeValueAsString(node) + "\n", StandardCharsets.UTF_8);
    }
}
