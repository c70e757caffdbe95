package dev.parlance.tokenize;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What Java needs to know of tokenizer.json and tokenizer_config.json. Read as a stream: a vocabulary is not held.
 *
 * @param settings tokenizer.json without its model
 * @param config tokenizer_config.json, empty if there is none
 * @param modelType the model's {@code type}, empty in files that predate it
 * @param vocabularySize one more than the highest id
 * @param padCandidates ids of the tokens that may be the padding token, by content
 */
record TokenizerFiles(
        JsonNode settings, JsonNode config, String modelType, int vocabularySize, Map<String, Integer> padCandidates) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> USUAL_PADS = List.of("[PAD]", "<pad>", "<|pad|>");

    static TokenizerFiles read(Path directory) {
        Path file = directory.resolve("tokenizer.json");
        if (!Files.isRegularFile(file)) {
            throw new UserError(missing(directory));
        }
        JsonNode config = readConfig(directory.resolve("tokenizer_config.json"));
        try (JsonParser parser = JSON.createParser(file.toFile())) {
            Reading reading = new Reading(content(config.path("pad_token")));
            reading.readRoot(parser);
            return new TokenizerFiles(
                    reading.settings, config, reading.modelType, reading.highestId + 1, Map.copyOf(reading.pads));
        } catch (IOException e) {
            throw new UserError(file + " is no tokenizer of the Hugging Face library: " + firstLine(e), e);
        }
    }

    /** Longest input of the model in tokens, special tokens included, or Integer.MAX_VALUE if the files set no limit. */
    int modelMaxLength() {
        double length = config.path("model_max_length").asDouble(Integer.MAX_VALUE);
        return length >= 1 && length < Integer.MAX_VALUE ? (int) length : Integer.MAX_VALUE;
    }

    /** The id of the padding token; 0 for a tokenizer without one, since the attention mask hides padding anyway. */
    int padTokenId() {
        Integer id = padCandidates.get(content(config.path("pad_token")));
        if (id != null) {
            return id;
        }
        JsonNode padding = settings.path("padding").path("pad_id");
        if (padding.isInt()) {
            return padding.intValue();
        }
        return USUAL_PADS.stream()
                .filter(padCandidates::containsKey)
                .map(padCandidates::get)
                .findFirst()
                .orElse(0);
    }

    /** Contents of the tokens that are matched in the text before anything else. */
    List<JsonNode> addedTokens() {
        List<JsonNode> tokens = new ArrayList<>();
        settings.path("added_tokens").forEach(tokens::add);
        return tokens;
    }

    private static JsonNode readConfig(Path file) {
        try {
            return Files.isRegularFile(file) ? JSON.readTree(file.toFile()) : JsonNodeFactory.instance.objectNode();
        } catch (IOException e) {
            throw new UserError(file + " is no JSON: " + firstLine(e), e);
        }
    }

    private static String missing(Path directory) {
        if (!Files.isDirectory(directory)) {
            return directory + " is not a directory, expected a model directory with a tokenizer.json";
        }
        String hint = Files.exists(directory.resolve("vocab.txt")) || Files.exists(directory.resolve("vocab.json"))
                ? "; it has the vocabulary of a slow tokenizer: save it once with transformers'"
                        + " AutoTokenizer.from_pretrained(DIR).save_pretrained(DIR), which writes a tokenizer.json"
                : "";
        return directory + " has no tokenizer.json" + hint;
    }

    /** Tokens stand as a plain string or as an object with its content. */
    private static String content(JsonNode token) {
        return token.isObject() ? token.path("content").asText("") : token.asText("");
    }

    private static String firstLine(IOException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("unreadable");
    }

    /** One pass over tokenizer.json. */
    private static final class Reading {
        final ObjectNode settings = JsonNodeFactory.instance.objectNode();
        final Map<String, Integer> pads = new HashMap<>();
        private final String padToken;
        String modelType = "";
        int highestId = -1;

        Reading(String padToken) {
            this.padToken = padToken;
        }

        void readRoot(JsonParser parser) throws IOException {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("it holds no JSON object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                if (name.equals("model") && parser.currentToken() == JsonToken.START_OBJECT) {
                    readModel(parser);
                } else {
                    settings.set(name, JSON.readTree(parser));
                }
            }
            for (JsonNode token : settings.path("added_tokens")) {
                note(token.path("content").asText(), token.path("id").asInt(-1));
            }
            if (highestId < 0) {
                throw new IOException("it holds no vocabulary");
            }
        }

        private void readModel(JsonParser parser) throws IOException {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (name.equals("type")) {
                    modelType = parser.getText();
                } else if (name.equals("vocab") && value == JsonToken.START_OBJECT) {
                    readVocabulary(parser);
                } else if (name.equals("vocab") && value == JsonToken.START_ARRAY) {
                    readScoredVocabulary(parser);
                } else {
                    parser.skipChildren();
                }
            }
        }

        /** WordPiece, BPE and WordLevel: content to id. */
        private void readVocabulary(JsonParser parser) throws IOException {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String content = parser.currentName();
                parser.nextToken();
                note(content, parser.getIntValue());
            }
        }

        /** Unigram: pairs of content and score, the id is the index. */
        private void readScoredVocabulary(JsonParser parser) throws IOException {
            for (int id = 0; parser.nextToken() == JsonToken.START_ARRAY; id++) {
                parser.nextToken();
                note(parser.getText(), id);
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    parser.skipChildren();
                }
            }
        }

        private void note(String content, int id) {
            highestId = Math.max(highestId, id);
            if (content.equals(padToken) || USUAL_PADS.contains(content)) {
                pads.put(content, id);
            }
        }
    }
}
