package dev.parlance.server.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One text or several, each as a string or as the ids of its tokens.
 *
 * @param all the texts, in their order
 */
@OneOf({String.class, String[].class, int[].class, int[][].class})
record TextsOrIds(List<Item> all) {
    private static final String EXPECTED =
            "a string, an array of strings, an array of token ids or an array of such arrays";

    TextsOrIds {
        all = List.copyOf(all);
    }

    /**
     * A text: exactly one of the two.
     *
     * @param text the text as it stands
     * @param ids its tokens
     */
    record Item(@Nullable String text, int @Nullable [] ids) {}

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static TextsOrIds of(JsonNode node) {
        if (node.isTextual()) {
            return new TextsOrIds(List.of(new Item(node.textValue(), null)));
        }
        if (!node.isArray()) {
            throw BadField.wrong("", ApiJson.kind(node), EXPECTED);
        }
        if (node.path(0).isNumber()) {
            return new TextsOrIds(List.of(new Item(null, TokenIds.ids(node, ""))));
        }
        List<Item> all = new ArrayList<>(node.size());
        for (JsonNode item : node) {
            String path = "[" + all.size() + "]";
            if (item.isTextual()) {
                all.add(new Item(item.textValue(), null));
            } else if (item.isArray()) {
                all.add(new Item(null, TokenIds.ids(item, path)));
            } else {
                throw BadField.wrong(path, ApiJson.kind(item), "a string or an array of token ids");
            }
        }
        return new TextsOrIds(all);
    }
}
