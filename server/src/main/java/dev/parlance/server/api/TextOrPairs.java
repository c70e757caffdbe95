package dev.parlance.server.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.parlance.data.Example;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What Hugging Face's classifiers take: a text, a pair as an object, or an array of texts and pairs.
 *
 * @param all the texts and pairs, in their order
 */
@OneOf({String.class, TextOrPairs.Pair.class, String[].class, TextOrPairs.Pair[].class})
record TextOrPairs(List<Example> all) {
    TextOrPairs {
        all = List.copyOf(all);
    }

    /** A pair of texts in JSON, or a text in an object. */
    record Pair(String text, @Nullable String textPair) {}

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static TextOrPairs of(JsonNode node) {
        if (!node.isArray()) {
            return new TextOrPairs(List.of(one(node, "")));
        }
        List<Example> all = new ArrayList<>(node.size());
        for (JsonNode item : node) {
            all.add(one(item, "[" + all.size() + "]"));
        }
        return new TextOrPairs(all);
    }

    private static Example one(JsonNode node, String path) {
        if (node.isTextual()) {
            return Example.of(node.textValue());
        }
        if (!node.isObject()) {
            throw BadField.wrong(path, ApiJson.kind(node), "a string, or an object with text and text_pair");
        }
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!name.equals("text") && !name.equals("text_pair")) {
                throw new BadField(ApiJson.shown(name), "is no field here, expected text, text_pair").in(path);
            }
        }
        String text = required(node, "text", path);
        return new Example(text, node.has("text_pair") ? required(node, "text_pair", path) : null, null);
    }

    private static String required(JsonNode node, String field, String path) {
        JsonNode value = node.path(field);
        if (!value.isTextual()) {
            throw BadField.wrong(field, ApiJson.kind(value), "a string").in(path);
        }
        return value.textValue();
    }
}
