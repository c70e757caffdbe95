package dev.parlance.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.parlance.config.UserError;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One JSON object a line; its keys are the columns. */
final class JsonRows implements RawRows {
    /** Deepest nesting of objects and arrays that is read over. */
    static final int MAX_DEPTH = 100;

    private final LineReader lines;
    private final String name;
    private final JsonFactory json;
    private final Map<String, Integer> columns = new LinkedHashMap<>();

    JsonRows(Reader reader, String name, int maxFieldChars) {
        this.name = name;
        this.lines = new LineReader(reader, name, (long) RECORD_FACTOR * maxFieldChars);
        this.json = JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .maxStringLength(Integer.MAX_VALUE)
                        .build())
                .build();
    }

    @Override
    public @Nullable RawRow next() throws IOException {
        String line = lines.next();
        if (line == null) {
            return null;
        }
        if (line.isBlank()) {
            return RawRow.of(lines.line(), List.of());
        }
        try (JsonParser parser = json.createParser(line)) {
            return read(parser);
        } catch (JsonProcessingException e) {
            return RawRow.bad(
                    lines.line(), "found no valid JSON (" + e.getOriginalMessage() + "), expected one object a line");
        }
    }

    private RawRow read(JsonParser parser) throws IOException {
        JsonToken start = parser.nextToken();
        if (start != JsonToken.START_OBJECT) {
            return RawRow.bad(
                    lines.line(),
                    "found " + describe(start) + ", expected one JSON object a line"
                            + (start == JsonToken.START_ARRAY
                                    ? "; jq -c '.[]' turns an array of objects into lines"
                                    : ""));
        }
        List<@Nullable String> cells = new ArrayList<>();
        BitSet nested = new BitSet();
        BitSet literals = new BitSet();
        for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
            int column = column(key);
            while (cells.size() <= column) {
                cells.add(null);
            }
            JsonToken token = parser.nextToken();
            nested.set(column, token.isStructStart());
            literals.set(column, token.isNumeric() || token.isBoolean());
            cells.set(column, value(parser, token));
            parser.skipChildren();
        }
        if (parser.nextToken() != null) {
            return RawRow.bad(lines.line(), "found more text after the JSON object, expected one object a line");
        }
        return new RawRow(lines.line(), cells, nested, literals, null, false);
    }

    private static @Nullable String value(JsonParser parser, JsonToken token) throws IOException {
        if (token.isStructStart()) {
            return describe(token);
        }
        return token == JsonToken.VALUE_NULL ? null : parser.getText();
    }

    private int column(String key) {
        Integer known = columns.get(key);
        if (known != null) {
            return known;
        }
        if (columns.size() == MAX_COLUMNS) {
            throw new UserError(name + " line " + lines.line() + ": found more than " + MAX_COLUMNS
                    + " different keys, expected the same few keys in every object");
        }
        columns.put(key, columns.size());
        return columns.size() - 1;
    }

    private static String describe(@Nullable JsonToken token) {
        if (token == null) {
            return "nothing";
        }
        return switch (token) {
            case START_ARRAY -> "an array";
            case START_OBJECT -> "an object";
            case VALUE_STRING -> "a string";
            case VALUE_NULL -> "null";
            case VALUE_TRUE, VALUE_FALSE -> "a boolean";
            default -> "a number";
        };
    }

    @Override
    public List<String> keys() {
        return List.copyOf(columns.keySet());
    }
}
