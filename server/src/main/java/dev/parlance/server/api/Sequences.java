package dev.parlance.server.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.parlance.data.Example;
import java.util.ArrayList;
import java.util.List;

/**
 * What text-embeddings-inference takes to label: a text, a pair, or a batch of texts and pairs in arrays of their own.
 *
 * @param all the texts and pairs, in their order
 * @param batch whether they came as a batch, and so want an array of answers
 */
@OneOf({String.class, String[].class, String[][].class})
record Sequences(List<Example> all, boolean batch) {
    private static final String EXPECTED = "a string, an array of one or two strings, or an array of such arrays";

    Sequences {
        all = List.copyOf(all);
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Sequences of(JsonNode node) {
        if (node.isTextual()) {
            return new Sequences(List.of(Example.of(node.textValue())), false);
        }
        if (!node.isArray()) {
            throw BadField.wrong("", ApiJson.kind(node), EXPECTED);
        }
        if (node.path(0).isTextual()) {
            return new Sequences(List.of(sequence(node, "")), false);
        }
        List<Example> all = new ArrayList<>(node.size());
        for (JsonNode item : node) {
            all.add(sequence(item, "[" + all.size() + "]"));
        }
        return new Sequences(all, true);
    }

    private static Example sequence(JsonNode node, String path) {
        if (!node.isArray()) {
            throw BadField.wrong(path, ApiJson.kind(node), "an array of one or two strings");
        }
        if (node.isEmpty() || node.size() > 2) {
            throw BadField.wrong(
                    path,
                    "an array of " + node.size(),
                    "an array of one or two strings; a batch is an array of arrays");
        }
        String first = Texts.text(node.get(0), path + "[0]");
        return new Example(first, node.size() == 1 ? null : Texts.text(node.get(1), path + "[1]"), null);
    }
}
