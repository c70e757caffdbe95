package dev.parlance.server.http;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.Json;
import dev.parlance.config.Spelling;
import dev.parlance.config.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Settings as a tree of JSON: changes are laid over defaults, whose types and names they must have. */
final class SettingsTree {
    /** Lists of groups, with what an entry has if nothing is said and which of it must be said. */
    private static final Map<String, Entry> LISTS = Map.of(
            "models", new Entry(Json.tree(ServedModel.template()), Set.of("name", "path")),
            "traffic", new Entry(Json.tree(TrafficOptions.template()), Set.of("model", "default_version")),
            "security.keys", new Entry(Json.tree(KeyOptions.template()), Set.of("id", "sha256")));

    private record Entry(ObjectNode template, Set<String> required) {}

    private SettingsTree() {}

    /** Lays a group of settings over another. */
    static void merge(ObjectNode base, JsonNode change, String where) {
        merge(base, change, "", where);
    }

    /** Sets one setting from what a flag or a variable has. */
    static void set(ObjectNode tree, String path, String value, String where) {
        int dot = path.lastIndexOf('.');
        JsonNode group = dot < 0 ? tree : tree.at("/" + path.substring(0, dot).replace('.', '/'));
        String name = path.substring(dot + 1);
        ((ObjectNode) group).set(name, parsed(where, group.path(name), value));
    }

    /** The settings that a tree holds. */
    static ServerOptions options(ObjectNode tree) {
        try {
            return Json.value(tree, ServerOptions.class);
        } catch (UserError e) {
            for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
                if (cause instanceof UserError reason) {
                    throw reason;
                }
                if (cause instanceof JsonMappingException failed && failed.getCause() instanceof UserError reason) {
                    throw named(failed, reason);
                }
            }
            throw e;
        }
    }

    /** What a value complains of may not know which setting it is. */
    private static UserError named(JsonMappingException failed, UserError reason) {
        String path = failed.getPath().stream()
                .map(step -> step.getFieldName() == null ? "" : "." + step.getFieldName())
                .collect(Collectors.joining());
        String message = String.valueOf(reason.getMessage());
        String name = path.substring(path.lastIndexOf('.') + 1);
        return path.isEmpty() || message.contains(name)
                ? reason
                : new UserError(path.substring(1) + ": " + message, reason);
    }

    private static void merge(ObjectNode base, JsonNode change, String prefix, String where) {
        if (!change.isObject()) {
            throw new UserError(
                    where + ": " + (prefix.isEmpty() ? "the file" : prefix.substring(0, prefix.length() - 1))
                            + " is no group of settings, expected keys " + String.join(", ", names(base)));
        }
        for (Map.Entry<String, JsonNode> entry : change.properties()) {
            String key = entry.getKey();
            String path = prefix + key;
            JsonNode known = base.get(key);
            if (known == null) {
                throw unknown(base, prefix, key, where);
            } else if (LISTS.containsKey(path)) {
                base.set(key, entries(entry.getValue(), path, where));
            } else if (known instanceof ObjectNode group) {
                merge(group, entry.getValue(), path + ".", where);
            } else {
                base.set(key, typed(where + ": " + path, known, entry.getValue()));
            }
        }
    }

    private static ArrayNode entries(JsonNode change, String path, String where) {
        Entry list = LISTS.getOrDefault(path, new Entry(Json.object(), Set.of()));
        if (!change.isArray()) {
            throw new UserError(where + ": " + path + " is no list, expected entries with "
                    + String.join(", ", names(list.template())));
        }
        ArrayNode result = JsonNodeFactory.instance.arrayNode();
        for (JsonNode item : change) {
            ObjectNode entry = list.template().deepCopy();
            merge(entry, item, path + ".", where);
            for (String name : list.required().stream().sorted().toList()) {
                if (!item.has(name)) {
                    throw new UserError(where + ": an entry of " + path + " has no " + name + ", expected "
                            + String.join(", ", names(list.template())));
                }
            }
            result.add(entry);
        }
        return result;
    }

    private static UserError unknown(ObjectNode base, String prefix, String key, String where) {
        String meant = Spelling.nearest(key, names(base))
                .map(name -> prefix + name)
                .or(() -> prefix.isEmpty() ? elsewhere(base, key) : Optional.empty())
                .map(name -> "; did you mean " + name + "?")
                .orElse(", expected one of " + String.join(", ", names(base)));
        return new UserError(where + " has an unknown key " + prefix + key + meant);
    }

    /** A setting that stands in a group, but was written without it. */
    private static Optional<String> elsewhere(ObjectNode root, String key) {
        for (Map.Entry<String, JsonNode> group : root.properties()) {
            if (group.getValue() instanceof ObjectNode settings) {
                Optional<String> near = Spelling.nearest(key, names(settings));
                if (near.isPresent()) {
                    return near.map(name -> group.getKey() + "." + name);
                }
            }
        }
        return Optional.empty();
    }

    /** A value of a file, as the type of its default has it. */
    private static JsonNode typed(String where, JsonNode known, JsonNode value) {
        if (known.isArray()) {
            if (!value.isArray()) {
                throw wrong(where, value, "a list");
            }
            for (JsonNode item : value) {
                if (!item.isTextual()) {
                    throw wrong(where, item, "a list of texts");
                }
            }
            return value;
        }
        if (value.isContainerNode()) {
            throw wrong(where, value, expected(known));
        }
        if (isText(known) && value.isBoolean()) { // YAML 1.1 takes off for false
            return JsonNodeFactory.instance.textNode(value.booleanValue() ? "on" : "off");
        }
        boolean fits = known.isBoolean()
                ? value.isBoolean()
                : known.isIntegralNumber()
                        ? value.isIntegralNumber()
                        : known.isNumber() ? value.isNumber() : known.isNull() || !value.isNull();
        if (!fits) {
            throw wrong(where, value, expected(known));
        }
        return isText(known) && !value.isNull() ? JsonNodeFactory.instance.textNode(value.asText()) : value;
    }

    /** A value of a flag or a variable, as the type of the default has it. */
    private static JsonNode parsed(String where, JsonNode known, String text) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        String value = text.strip();
        try {
            if (known.isBoolean() && value.matches("(?i)true|false|1|0")) {
                return nodes.booleanNode(value.equalsIgnoreCase("true") || value.equals("1"));
            } else if (known.isIntegralNumber()) {
                return nodes.numberNode(Long.parseLong(value));
            } else if (known.isNumber()) {
                return nodes.numberNode(Double.parseDouble(value));
            } else if (known.isArray()) {
                ArrayNode list = nodes.arrayNode();
                for (String item : value.split(",", -1)) {
                    list.add(item.strip());
                }
                return list;
            } else if (isText(known)) {
                return nodes.textNode(value);
            }
        } catch (NumberFormatException e) {
            throw new UserError(where + " is '" + value + "', expected " + expected(known), e);
        }
        throw new UserError(where + " is '" + value + "', expected " + expected(known));
    }

    private static boolean isText(JsonNode known) {
        return known.isTextual() || known.isNull();
    }

    private static UserError wrong(String where, JsonNode found, String expected) {
        String what = found.isContainerNode()
                ? found.isArray() ? "a list" : "a group of settings"
                : "'" + found.asText() + "'";
        return new UserError(where + " is " + what + ", expected " + expected);
    }

    private static String expected(JsonNode known) {
        if (known.isBoolean()) {
            return "true or false";
        }
        if (known.isNumber()) {
            return known.isIntegralNumber() ? "a whole number" : "a number";
        }
        return "a text";
    }

    private static List<String> names(ObjectNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
