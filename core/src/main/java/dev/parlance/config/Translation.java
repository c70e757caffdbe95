package dev.parlance.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Settings of a run file under the names that this library has for them. Keys that nobody knows stay as they are, to be
 * refused with the nearest known name.
 */
final class Translation {
    private final ObjectNode known;
    private final String where;
    private final Consumer<String> notes;
    private final ObjectNode result = Json.object();
    private final Map<String, String> givenAs = new HashMap<>();

    private Translation(ObjectNode known, String where, Consumer<String> notes) {
        this.known = known;
        this.where = where;
        this.notes = notes;
    }

    /**
     * The settings of {@code given} in known names.
     *
     * @param notes hears one line for each name that was another
     * @throws UserError if two names of one setting are given, or one of something that there is not
     */
    static JsonNode of(JsonNode given, ObjectNode known, String where, Consumer<String> notes) {
        if (!given.isObject()) {
            return given;
        }
        Translation translation = new Translation(known, where, notes);
        translation.walk(given, known, "");
        return translation.result;
    }

    private void walk(JsonNode given, JsonNode settings, String prefix) {
        for (Map.Entry<String, JsonNode> entry : given.properties()) {
            String path = prefix + entry.getKey();
            JsonNode setting = settings.get(entry.getKey());
            JsonNode value = entry.getValue();
            if (setting == null) {
                foreign(path, entry.getKey(), value);
            } else if (setting.isObject() && value.isObject()) {
                result.withObjectProperty(entry.getKey());
                walk(value, setting, path + ".");
            } else {
                put(path, value, path);
            }
        }
    }

    private void foreign(String path, String key, JsonNode value) {
        Optional<ForeignNames.Meaning> found = ForeignNames.of(key);
        if (found.isEmpty()) {
            put(path, value, path);
            return;
        }
        ForeignNames.Meaning meaning = found.get();
        if (meaning instanceof ForeignNames.Same same) {
            put(same.path(), value, path);
            notes.accept(path + " is read as " + same.path());
        } else if (meaning instanceof ForeignNames.Instead instead) {
            JsonNode translated = instead.translation().apply(value);
            put(instead.path(), translated, path);
            notes.accept(path + " is read as " + instead.path() + "=" + translated.asText());
        } else if (meaning instanceof ForeignNames.NoEffect effect) {
            notes.accept(path + " has no effect: " + effect.why());
        } else if (meaning instanceof ForeignNames.Unsupported unsupported) {
            if (!ForeignNames.isOff(value)) {
                throw new UserError(where + ": " + ForeignNames.refusal(path, unsupported));
            }
            notes.accept(path + " has no effect: there is no such setting, and it is off");
        }
    }

    private void put(String path, JsonNode value, String name) {
        String other = givenAs.put(path, name);
        if (other != null) {
            throw new UserError(where + " has both " + other + " and " + name + ", which are names of one setting, "
                    + path + "; keep one of them");
        }
        int dot = path.indexOf('.');
        if (dot < 0 || !known.path(path.substring(0, dot)).isObject()) {
            result.set(path, value);
        } else {
            result.withObjectProperty(path.substring(0, dot)).set(path.substring(dot + 1), value);
        }
    }
}
