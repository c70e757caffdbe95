package dev.parlance.bundle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.Json;
import dev.parlance.config.UserError;
import dev.parlance.task.Pooling;
import dev.parlance.task.SentenceEmbedding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The files that sentence-transformers adds to an encoder's directory: {@code modules.json}, the pooling's configuration,
 * {@code sentence_bert_config.json} and {@code config_sentence_transformers.json}. A directory without them is an encoder whose
 * tokens are averaged, as sentence-transformers reads it.
 */
public final class SentenceEncoderFiles {
    /** The file that lists the parts of a sentence encoder. */
    public static final String MODULES = "modules.json";

    private static final String LENGTH = "sentence_bert_config.json";
    private static final String PROMPTS = "config_sentence_transformers.json";
    private static final String POOLING_DIRECTORY = "1_Pooling";
    /** All that may be there beside an encoder, as paths in its directory. */
    public static final List<String> ALL =
            List.of(MODULES, LENGTH, PROMPTS, POOLING_DIRECTORY + "/" + ModelBundle.CONFIG);

    private static final Map<String, Pooling> MODES = new LinkedHashMap<>();

    static {
        MODES.put("pooling_mode_cls_token", Pooling.CLS);
        MODES.put("pooling_mode_max_tokens", Pooling.MAX);
        MODES.put("pooling_mode_mean_tokens", Pooling.MEAN);
        MODES.put("pooling_mode_mean_sqrt_len_tokens", Pooling.MEAN_SQRT_LEN);
        MODES.put("pooling_mode_weightedmean_tokens", Pooling.WEIGHTED_MEAN);
        MODES.put("pooling_mode_lasttoken", Pooling.LAST_TOKEN);
    }

    private SentenceEncoderFiles() {}

    /**
     * What the directory of an encoder says of its embeddings.
     *
     * @throws UserError if a part is of a kind that cannot be computed here
     */
    static SentenceEmbedding read(Path directory, ObjectNode config) {
        int hiddenSize = config.path("hidden_size").asInt(config.path("dim").asInt());
        if (hiddenSize < 1) {
            throw new UserError(directory.resolve(ModelBundle.CONFIG)
                    + " has no hidden_size, expected the size of the encoder's vectors");
        }
        List<Pooling> pooling = List.of(Pooling.MEAN);
        boolean normalize = false;
        Path modules = directory.resolve(MODULES);
        if (Files.isRegularFile(modules)) {
            for (JsonNode module : Json.readArray(modules)) {
                String type = module.path("type").asText();
                switch (type.substring(type.lastIndexOf('.') + 1)) {
                    case "Transformer" -> {}
                    case "Pooling" ->
                        pooling = pooling(directory, module.path("path").asText());
                    case "Normalize" -> normalize = true;
                    default ->
                        throw new UserError(modules + " has a part of type " + type
                                + ", expected Transformer, Pooling and Normalize alone");
                }
            }
        }
        Path file = directory.resolve(PROMPTS);
        ObjectNode extra = Files.isRegularFile(file) ? Json.readObject(file) : Json.object();
        Map<String, String> prompts = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> prompt : extra.path("prompts").properties()) {
            prompts.put(prompt.getKey(), prompt.getValue().asText());
        }
        String defaultPrompt = extra.path("default_prompt_name").textValue();
        return new SentenceEmbedding(hiddenSize, pooling, normalize, prompts, defaultPrompt);
    }

    /** Longest input in tokens that the directory wants; Integer.MAX_VALUE if it sets no limit. */
    static int maxLength(Path directory) {
        Path file = directory.resolve(LENGTH);
        int length = Files.isRegularFile(file)
                ? Json.readObject(file).path("max_seq_length").asInt(Integer.MAX_VALUE)
                : Integer.MAX_VALUE;
        return length > 0 ? length : Integer.MAX_VALUE;
    }

    private static List<Pooling> pooling(Path directory, String part) {
        Path base = directory.resolve(part).normalize();
        Path file = base.resolve(ModelBundle.CONFIG);
        if (!base.startsWith(directory.normalize()) || !Files.isRegularFile(file)) {
            throw new UserError(directory.resolve(MODULES) + " names the part '" + part
                    + "', expected a directory beside it that holds config.json");
        }
        ObjectNode config = Json.readObject(file);
        List<Pooling> pooling = new ArrayList<>();
        MODES.forEach((key, mode) -> {
            if (config.path(key).asBoolean(false)) {
                pooling.add(mode);
            }
        });
        if (pooling.isEmpty()) {
            throw new UserError(file + " switches no pooling mode on, expected one of " + MODES.keySet());
        }
        return pooling;
    }

    /**
     * Writes the files beside those of an encoder.
     *
     * @param maxLength longest input in tokens
     * @throws IOException if the disk fails
     */
    public static void write(Path directory, SentenceEmbedding embedding, int maxLength) throws IOException {
        ArrayNode modules = Json.array();
        add(modules, "", "Transformer");
        add(modules, POOLING_DIRECTORY, "Pooling");
        if (embedding.normalize()) {
            add(modules, "2_Normalize", "Normalize");
        }
        Files.writeString(directory.resolve(MODULES), Json.pretty(modules));
        ObjectNode pooling = Json.object().put("word_embedding_dimension", embedding.hiddenSize());
        MODES.forEach((key, mode) -> pooling.put(key, embedding.pooling().contains(mode)));
        pooling.put("include_prompt", true);
        Files.createDirectories(directory.resolve(POOLING_DIRECTORY));
        Files.writeString(directory.resolve(POOLING_DIRECTORY).resolve(ModelBundle.CONFIG), Json.pretty(pooling));
        ObjectNode length = Json.object().put("max_seq_length", maxLength).put("do_lower_case", false);
        Files.writeString(directory.resolve(LENGTH), Json.pretty(length));
        ObjectNode extra = Json.object();
        ObjectNode prompts = extra.putObject("prompts");
        embedding.prompts().forEach(prompts::put);
        extra.put("default_prompt_name", embedding.defaultPrompt());
        extra.put("similarity_fn_name", "cosine");
        Files.writeString(directory.resolve(PROMPTS), Json.pretty(extra));
    }

    private static void add(ArrayNode modules, String path, String type) {
        int index = modules.size();
        modules.addObject()
                .put("idx", index)
                .put("name", Integer.toString(index))
                .put("path", path)
                .put("type", "sentence_transformers.models." + type);
    }
}
