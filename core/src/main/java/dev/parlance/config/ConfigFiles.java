package dev.parlance.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Reads and writes run files (YAML or JSON): what a file leaves out keeps its default, what it misspells is refused. */
public final class ConfigFiles {
    private static final long MAX_BYTES = 1 << 20;

    private ConfigFiles() {}

    /** Reads a run file over the defaults. */
    public static RunConfig read(Path file) {
        return fromTree(merge(toTree(RunConfig.defaults()), readTree(file), "", file.toString()));
    }

    /** The settings as a JSON object with snake_case keys. */
    public static ObjectNode toTree(RunConfig config) {
        return Json.MAPPER.valueToTree(config);
    }

    /** The settings as a run file, which {@link #read} reads back to the same settings. */
    public static String toYaml(RunConfig config) {
        return Json.yaml(config);
    }

    static RunConfig with(RunConfig config, String path, Object value) {
        ObjectNode change = Json.MAPPER.createObjectNode();
        ObjectNode parent = change;
        String[] keys = path.split("\\.", -1);
        for (int i = 0; i < keys.length - 1; i++) {
            parent = parent.putObject(keys[i]);
        }
        parent.set(keys[keys.length - 1], Json.MAPPER.valueToTree(value));
        return fromTree(merge(toTree(config), change, "", "the setting"));
    }

    /**
     * Parses {@code name=value} as the command line has it; the value is YAML, so numbers, booleans and null are typed.
     */
    public static RunConfig withAssignment(RunConfig config, String assignment) {
        int equals = assignment.indexOf('=');
        if (equals < 1) {
            throw new UserError(
                    "'" + assignment + "' is no setting, expected NAME=VALUE such as training.learning_rate=3e-5");
        }
        String path = assignment.substring(0, equals).strip();
        try {
            return with(config, path, Json.YAML.readTree(number(assignment.substring(equals + 1))));
        } catch (JsonProcessingException e) {
            throw new UserError("the value of " + path + " is no YAML scalar: " + Json.firstLine(e), e);
        }
    }

    /** YAML 1.1 takes 3e-5 for a string, since it has no dot; users mean a number. */
    private static String number(String text) {
        return text.strip().matches("[-+]?\\d+[eE][-+]?\\d+")
                ? Double.toString(Double.parseDouble(text.strip()))
                : text;
    }

    private static JsonNode readTree(Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                throw new UserError(file + " is not a file, expected a run file in YAML or JSON");
            }
            if (Files.size(file) > MAX_BYTES) {
                throw new UserError(
                        file + " has " + Files.size(file) + " bytes, expected a run file of at most " + MAX_BYTES);
            }
            return Json.YAML.readTree(Files.readString(file));
        } catch (JsonProcessingException e) {
            throw new UserError(file + " is neither YAML nor JSON: " + Json.firstLine(e), e);
        } catch (IOException e) {
            throw new UserError(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static ObjectNode merge(ObjectNode base, JsonNode change, String prefix, String where) {
        if (!change.isObject()) {
            String name = prefix.isEmpty() ? where : prefix.substring(0, prefix.length() - 1);
            throw new UserError(name + " is not a group of settings, expected keys " + String.join(", ", names(base)));
        }
        for (Map.Entry<String, JsonNode> entry : change.properties()) {
            String key = entry.getKey();
            JsonNode known = base.get(key);
            if (known == null) {
                throw new UserError(where + " has an unknown key " + prefix + key + "; did you mean " + prefix
                        + nearest(key, names(base)) + "?");
            }
            if (known instanceof ObjectNode group) {
                merge(group, entry.getValue(), prefix + key + ".", where);
            } else {
                base.set(key, typed(entry.getValue()));
            }
        }
        return base;
    }

    private static JsonNode typed(JsonNode value) {
        return value.isTextual() && !number(value.textValue()).equals(value.textValue())
                ? Json.MAPPER.getNodeFactory().numberNode(Double.parseDouble(value.textValue()))
                : value;
    }

    private static RunConfig fromTree(ObjectNode tree) {
        try {
            return Json.MAPPER.treeToValue(tree, RunConfig.class);
        } catch (JsonProcessingException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof UserError error) {
                    throw error;
                }
            }
            String path = e instanceof com.fasterxml.jackson.databind.JsonMappingException mapping
                    ? String.join(
                            ".",
                            mapping.getPath().stream()
                                    .map(r -> String.valueOf(r.getFieldName()))
                                    .toList())
                    : "the settings";
            throw new UserError(path + " has a value of the wrong type: " + Json.firstLine(e), e);
        }
    }

    private static List<String> names(ObjectNode node) {
        List<String> names = new ArrayList<>();
        for (Iterator<String> it = node.fieldNames(); it.hasNext(); ) {
            names.add(it.next());
        }
        return names;
    }

    private static String nearest(String key, List<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(name -> Spelling.distance(key, name)))
                .orElseThrow();
    }
}
