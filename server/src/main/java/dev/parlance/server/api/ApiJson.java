package dev.parlance.server.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** JSON of requests and replies: snake_case keys, nothing unknown, nothing coerced, one line. */
final class ApiJson {
    private static final int LONGEST_NAME = 60;

    /** Enums are written and read as their {@code toString()}. */
    static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .enable(DeserializationFeature.READ_ENUMS_USING_TO_STRING)
            .enable(SerializationFeature.WRITE_ENUMS_USING_TO_STRING)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .withCoercionConfig(
                    LogicalType.Textual, config -> config.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail))
            .addModule(new SimpleModule().addSerializer(Instant.class, ToStringSerializer.instance))
            .build();

    private ApiJson() {}

    /**
     * The request that a body holds.
     *
     * @throws BadField if there is no body, or a field is unknown, missing, of another type or out of its range
     */
    static <T> T read(@Nullable JsonNode body, Class<T> type) {
        if (body == null || !body.isObject()) {
            throw BadField.wrong("", body == null ? "no body" : kind(body), "a JSON object");
        }
        try {
            return MAPPER.treeToValue(body, type);
        } catch (JsonProcessingException e) {
            throw field(e, body);
        }
    }

    /** A value as the body of a reply. */
    static byte[] bytes(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot be written as JSON: " + value.getClass(), e);
        }
    }

    static Reply reply(int status, Object value, Map<String, String> headers) {
        return new Reply(status, Reply.JSON, bytes(value), headers);
    }

    static Reply ok(Object value) {
        return reply(200, value, Map.of());
    }

    /** What a value is, without saying the value. */
    static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING -> "a string";
            case NUMBER -> node.isIntegralNumber() ? "an integer" : "a number with a fraction";
            case BOOLEAN -> "true or false";
            case NULL -> "null";
            case ARRAY -> "an array";
            case OBJECT -> "an object";
            case MISSING -> "nothing";
            default -> "something else";
        };
    }

    /** A client's own name for something, fit for a message: short and printable. */
    static String shown(String name) {
        String printable = name.replaceAll("[^\\p{L}\\p{N}_.\\-]", "?");
        return printable.length() <= LONGEST_NAME
                ? printable
                : printable.substring(0, printable.offsetByCodePoints(0, LONGEST_NAME / 2)) + "...";
    }

    private static BadField field(JsonProcessingException e, JsonNode body) {
        List<JsonMappingException.Reference> references =
                e instanceof JsonMappingException mapping ? mapping.getPath() : List.of();
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof BadField bad) {
                return bad.in(path(references));
            }
        }
        if (e instanceof UnrecognizedPropertyException unknown) {
            String parent = path(references.subList(0, references.size() - 1));
            return new BadField(shown(unknown.getPropertyName()), "is no field here, expected " + names(unknown))
                    .in(parent);
        }
        JsonNode node = body;
        for (JsonMappingException.Reference reference : references) {
            node = reference.getFieldName() != null
                    ? node.path(reference.getFieldName())
                    : node.path(reference.getIndex());
        }
        String expected = e instanceof MismatchedInputException mismatch
                ? expected(mismatch.getTargetType(), node)
                : "a value in its range";
        return BadField.wrong(path(references), kind(node), expected);
    }

    private static String names(UnrecognizedPropertyException e) {
        Collection<Object> known = e.getKnownPropertyIds() == null ? List.of() : e.getKnownPropertyIds();
        TreeSet<String> sorted = new TreeSet<>();
        known.forEach(name -> sorted.add(String.valueOf(name)));
        return sorted.isEmpty() ? "none" : String.join(", ", sorted);
    }

    private static String path(List<JsonMappingException.Reference> references) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference reference : references) {
            if (reference.getFieldName() == null) {
                path.append('[').append(reference.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(shown(reference.getFieldName()));
            }
        }
        return path.toString();
    }

    private static String expected(@Nullable Class<?> type, JsonNode node) {
        if (type == null || node.isMissingNode()) {
            return "a value";
        }
        if (type.isEnum()) {
            return "one of "
                    + String.join(
                            ", ",
                            List.of(type.getEnumConstants()).stream()
                                    .map(Object::toString)
                                    .toList());
        }
        if (type == String.class) {
            return "a string";
        }
        if (type == Boolean.class || type == boolean.class) {
            return "true or false";
        }
        if (type == Integer.class || type == int.class || type == Long.class || type == long.class) {
            return "an integer in its range";
        }
        if (Number.class.isAssignableFrom(type) || type.isPrimitive()) {
            return "a number";
        }
        return Collection.class.isAssignableFrom(type) || type.isArray() ? "an array" : "an object";
    }
}
