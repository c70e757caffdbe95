package dev.parlance.server.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * One text or several.
 *
 * @param all the texts, in their order
 */
@OneOf({String.class, String[].class})
record Texts(List<String> all) {
    Texts {
        all = List.copyOf(all);
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Texts of(JsonNode node) {
        if (node.isTextual()) {
            return new Texts(List.of(node.textValue()));
        }
        if (!node.isArray()) {
            throw BadField.wrong("", ApiJson.kind(node), "a string or an array of strings");
        }
        List<String> all = new ArrayList<>(node.size());
        for (JsonNode text : node) {
            all.add(text(text, "[" + all.size() + "]"));
        }
        return new Texts(all);
    }

    /** The text that a value of that path is. */
    static String text(JsonNode node, String path) {
        if (!node.isTextual()) {
            throw BadField.wrong(path, ApiJson.kind(node), "a string");
        }
        return node.textValue();
    }
}
