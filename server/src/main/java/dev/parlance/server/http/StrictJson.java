package dev.parlance.server.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads bodies that strangers have written: UTF-8 alone, no name twice, nothing after the value, and no more of anything than
 * the limits say. What it complains of is said without text of the body.
 */
final class StrictJson {
    private static final char REPLACEMENT = '\ufffd';
    private static final int LONGEST_NAME = 1000;

    private final ObjectReader reader;

    StrictJson(LimitOptions limits) {
        StreamReadConstraints constraints = StreamReadConstraints.builder()
                .maxNestingDepth(limits.maxJsonDepth())
                .maxNumberLength(limits.maxNumberLength())
                .maxStringLength(limits.payloadLimit())
                .maxNameLength(LONGEST_NAME)
                .maxTokenCount(limits.maxJsonTokens())
                .build();
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(constraints)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                .build();
        reader = JsonMapper.builder(factory)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                .build()
                .readerFor(JsonNode.class);
    }

    /**
     * The value that a body holds.
     *
     * @throws HttpRefusal 400 if it is no JSON, 413 if it has too much of something
     */
    JsonNode parse(byte[] body) {
        try {
            JsonNode node = reader.readTree(text(body));
            if (node == null || node.isMissingNode()) {
                throw new HttpRefusal(400, "the body is empty, expected JSON");
            }
            return node;
        } catch (StreamConstraintsException e) {
            throw new HttpRefusal(413, "the body has too much of something: " + limit(e));
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            throw new HttpRefusal(
                    400,
                    "the body is no valid JSON" + (duplicate(e) ? ", a name is there twice" : "")
                            + (at == null ? "" : ", at line " + at.getLineNr() + " column " + at.getColumnNr()));
        }
    }

    /** Malformed bytes become a character that is hardly ever sent: only if it is there, the slower strict decoder looks. */
    private static String text(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) >= 0) {
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
            } catch (CharacterCodingException e) {
                throw new HttpRefusal(400, "the body is not UTF-8");
            }
        }
        return text;
    }

    private static boolean duplicate(JsonProcessingException e) {
        return String.valueOf(e.getOriginalMessage()).startsWith("Duplicate");
    }

    /** Jackson's messages of limits have numbers in them, but nothing of the body. */
    private static String limit(StreamConstraintsException e) {
        String message = e.getOriginalMessage();
        return message.contains("depth")
                ? "arrays and objects within each other"
                : message.contains("Number")
                        ? "digits of a number"
                        : message.contains("Token count") ? "values" : "chars of a name or text";
    }
}
