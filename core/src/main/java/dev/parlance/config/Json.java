package dev.parlance.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * The one place where JSON is read and written: snake_case keys, unknown keys refused, two spaces of indent. Thread-safe.
 */
public final class Json {
    private static final long MAX_BYTES = 256L << 20;

    static final ObjectMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(
                    LogicalType.Textual, c -> c.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .addModule(new SimpleModule().addSerializer(Instant.class, ToStringSerializer.instance))
            .build();

    static final ObjectMapper YAML = new ObjectMapper(YAMLFactory.builder()
                    .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** As {@code json.dumps(indent=2)} has it, but arrays stay on one line; the same bytes on every system. */
    private static final ObjectWriter PRETTY = MAPPER.writer(new DefaultPrettyPrinter(
                    Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER))
            .withObjectIndenter(new DefaultIndenter("  ", "\n")));

    private Json() {}

    /** An empty object. */
    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** An empty array. */
    public static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    /** A record or map as a JSON object with snake_case keys; instants become ISO 8601 text. */
    public static ObjectNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    /**
     * A record from the object that {@link #tree} made of it.
     *
     * @throws UserError if keys are missing, unknown or of another type
     */
    public static <T> T value(ObjectNode tree, Class<T> type) {
        try {
            return MAPPER.treeToValue(tree, type);
        } catch (JsonProcessingException e) {
            throw new UserError("the JSON of " + type.getSimpleName() + " does not fit: " + firstLine(e), e);
        }
    }

    /** The JSON text of a tree, record, map or list on several lines, ended by a line feed. */
    public static String pretty(Object value) {
        return write(PRETTY, value) + "\n";
    }

    /** The JSON text of a tree, record, map or list on one line, as JSON lines has it. */
    public static String line(Object value) {
        return write(MAPPER.writer(), value);
    }

    /** The YAML text of a tree, record or map, without the line of dashes that begins a document. */
    public static String yaml(Object value) {
        return write(YAML.writer(), MAPPER.valueToTree(value));
    }

    /**
     * Reads a file that holds one JSON object of at most 256 MiB.
     *
     * @throws UserError if it is missing, unreadable or anything else
     */
    public static ObjectNode readObject(Path file) {
        if (read(file) instanceof ObjectNode object) {
            return object;
        }
        throw new UserError(file + " holds no JSON object, expected one that begins with {");
    }

    /**
     * Reads a file that holds one JSON array of at most 256 MiB.
     *
     * @throws UserError if it is missing, unreadable or anything else
     */
    public static ArrayNode readArray(Path file) {
        if (read(file) instanceof ArrayNode array) {
            return array;
        }
        throw new UserError(file + " holds no JSON array, expected one that begins with [");
    }

    private static JsonNode read(Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                throw new UserError(file + " is missing, expected a JSON file");
            }
            if (Files.size(file) > MAX_BYTES) {
                throw new UserError(
                        file + " has " + Files.size(file) + " bytes, expected a JSON file of at most " + MAX_BYTES);
            }
            return MAPPER.readTree(Files.readString(file));
        } catch (CharacterCodingException e) {
            throw new UserError(file + " is not UTF-8, expected a JSON file", e);
        } catch (JsonProcessingException e) {
            throw new UserError(file + " is no valid JSON: " + firstLine(e), e);
        } catch (IOException e) {
            throw new UserError(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** The object that a text such as a line of JSON lines holds; empty if it holds anything else. */
    public static Optional<ObjectNode> parseObject(String text) {
        try {
            return MAPPER.readTree(text) instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty(); // what is wrong with it is of no use to whoever reads damaged lines
        }
    }

    /** The part of a parser's message that a user can use. */
    static String firstLine(Exception e) {
        return String.valueOf(e.getMessage())
                .lines()
                .findFirst()
                .orElse(e.getClass().getSimpleName());
    }

    private static String write(ObjectWriter writer, Object value) {
        try {
            return writer.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot be written as JSON or YAML: " + value.getClass(), e);
        }
    }
}
