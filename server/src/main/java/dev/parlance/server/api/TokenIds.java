package dev.parlance.server.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * The ids of the tokens of one text or of several.
 *
 * @param all the ids of each text
 */
@OneOf({int[].class, int[][].class})
record TokenIds(List<int[]> all) {
    TokenIds {
        all = List.copyOf(all);
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static TokenIds of(JsonNode node) {
        if (!node.isArray()) {
            throw BadField.wrong("", ApiJson.kind(node), "an array of token ids or an array of such arrays");
        }
        if (!node.isEmpty() && !node.path(0).isArray()) {
            return new TokenIds(List.of(ids(node, "")));
        }
        List<int[]> all = new ArrayList<>(node.size());
        for (JsonNode item : node) {
            String path = "[" + all.size() + "]";
            if (!item.isArray()) {
                throw BadField.wrong(path, ApiJson.kind(item), "an array of token ids");
            }
            all.add(ids(item, path));
        }
        return new TokenIds(all);
    }

    /** The ids in an array of that path. */
    static int[] ids(JsonNode array, String path) {
        int[] ids = new int[array.size()];
        for (int i = 0; i < ids.length; i++) {
            JsonNode id = array.get(i);
            if (!id.isIntegralNumber() || !id.canConvertToInt() || id.intValue() < 0) {
                String found = id.isIntegralNumber() ? "an integer out of range" : ApiJson.kind(id);
                throw BadField.wrong(path + "[" + i + "]", found, "a token id from 0 on");
            }
            ids[i] = id.intValue();
        }
        return ids;
    }
}
