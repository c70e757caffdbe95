package dev.parlance.train.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.parlance.config.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The {@code model.safetensors.index.json} of a model: which file holds which tensor.
 *
 * @param path where the index was read, for errors
 * @param shardOf the file of every tensor, beside the index
 */
public record ShardIndex(Path path, Map<String, Path> shardOf) {
    /** The largest index that is read; one entry takes about 100 bytes. */
    public static final long MAX_BYTES = 64L << 20;

    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*\\.safetensors");
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    public ShardIndex {
        shardOf = Collections.unmodifiableMap(new LinkedHashMap<>(shardOf));
    }

    /**
     * Reads an index.
     *
     * @throws UserError if it is too large, is no JSON, or names a file outside its own directory
     */
    public static ShardIndex read(Path path) {
        JsonNode weightMap = parse(path).path("weight_map");
        if (!weightMap.isObject() || weightMap.isEmpty()) {
            throw new UserError(path + " has no weight_map: expected a map from tensor names to file names");
        }
        Map<String, Path> shardOf = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : weightMap.properties()) {
            String name = field.getValue().asText();
            if (!PLAIN_NAME.matcher(name).matches()) {
                throw new UserError(path + " names the file '" + name + "' for " + field.getKey()
                        + ", expected a plain name like model-00001-of-00002.safetensors");
            }
            shardOf.put(field.getKey(), path.resolveSibling(name));
        }
        return new ShardIndex(path, shardOf);
    }

    /** The distinct file names of the shards, in the order of their first mention. */
    public Set<String> fileNames() {
        Set<String> names = new LinkedHashSet<>();
        shardOf.values().forEach(shard -> names.add(String.valueOf(shard.getFileName())));
        return names;
    }

    /** Refuses shards with a tensor that the index doesn't list. */
    void checkComplete(Collection<SafetensorsFile> shards) {
        for (SafetensorsFile shard : shards) {
            for (String name : shard.names()) {
                if (!shardOf.containsKey(name)) {
                    throw new UserError(
                            path + " does not list tensor " + name + ", which a shard has: download the model again");
                }
            }
        }
    }

    private static JsonNode parse(Path path) {
        try {
            if (Files.size(path) > MAX_BYTES) {
                throw new UserError(path + " has " + Files.size(path) + " bytes, expected at most " + MAX_BYTES);
            }
            return JSON.readTree(Files.readAllBytes(path));
        } catch (JsonProcessingException e) {
            throw new UserError(path + " is no valid JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UserError(path + " can't be read: " + e.getMessage(), e);
        }
    }
}
