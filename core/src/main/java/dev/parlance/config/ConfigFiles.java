package dev.parlance.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads and writes run files (YAML or JSON): what a file leaves out keeps its default, what it misspells is refused. */
public final class ConfigFiles {
    /** The numbers that may also be {@code auto}, which is {@link TrainingArguments#AUTO} in all of them. */
    public static final Set<String> AUTO_NUMBERS = Set.of(
            "training.learning_rate",
            "training.per_device_train_batch_size",
            "training.per_device_eval_batch_size",
            "linear.c");

    /** Texts that may be {@code no}, which YAML 1.1 takes for false. */
    private static final Set<String> YES_OR_NO =
            Set.of("data.header", "training.eval_strategy", "training.save_strategy", "training.logging_strategy");

    private static final long MAX_BYTES = 1 << 20;

    private ConfigFiles() {}

    /** Reads a run file over the defaults; settings have their own names only. */
    public static RunConfig read(Path file) {
        return merged(RunConfig.defaults(), readTree(file), file.toString());
    }

    /**
     * Reads a run file over the defaults, also by the names that Hugging Face's Trainer has for settings.
     *
     * @param notes hears one line for each such name
     */
    public static RunConfig read(Path file, Consumer<String> notes) {
        RunConfig defaults = RunConfig.defaults();
        JsonNode tree = Translation.of(readTree(file), toTree(defaults), file.toString(), notes);
        return merged(defaults, tree, file.toString());
    }

    /** The settings as a JSON object with snake_case keys. */
    public static ObjectNode toTree(RunConfig config) {
        return Json.MAPPER.valueToTree(config);
    }

    /** The settings as a run file, which {@link #read} reads back to the same settings. */
    public static String toYaml(RunConfig config) {
        return Json.yaml(config);
    }

    /**
     * The tree of a run file as it stands, whatever keys it has: for reading what another version wrote.
     *
     * @throws UserError if the file is neither YAML nor JSON, or holds no group of settings
     */
    public static ObjectNode readAny(Path file) {
        if (readTree(file) instanceof ObjectNode tree) {
            return tree;
        }
        throw new UserError(file + " holds no settings, expected a run file in YAML or JSON");
    }

    static RunConfig with(RunConfig config, String path, @Nullable Object value) {
        return merged(config, change(path, value), "the setting");
    }

    private static RunConfig merged(RunConfig config, JsonNode change, String where) {
        return fromTree(merge(toTree(config), change, RunConfig.class, "", where));
    }

    private static ObjectNode change(String path, @Nullable Object value) {
        ObjectNode change = Json.object();
        ObjectNode parent = change;
        String[] keys = path.split("\\.", -1);
        for (int i = 0; i < keys.length - 1; i++) {
            parent = parent.putObject(keys[i]);
        }
        parent.set(keys[keys.length - 1], Json.MAPPER.valueToTree(value));
        return change;
    }

    /**
     * Parses {@code name=value} as the command line has it. Text settings take the value as it stands, but {@code null};
     * for the others it is YAML.
     */
    public static RunConfig withAssignment(RunConfig config, String assignment) {
        int equals = equals(assignment);
        String path = assignment.substring(0, equals).strip();
        return with(config, path, value(path, assignment.substring(equals + 1), path));
    }

    /**
     * As {@link #withAssignment(RunConfig, String)}, also by the names that Hugging Face's Trainer has for settings.
     *
     * @param notes hears one line for each such name
     */
    public static RunConfig withAssignment(RunConfig config, String assignment, Consumer<String> notes) {
        int equals = equals(assignment);
        String name = assignment.substring(0, equals).strip();
        boolean known = type(name) != Object.class;
        String path = known ? name : meant(name);
        ObjectNode change = change(name, value(name, assignment.substring(equals + 1), path));
        return merged(config, Translation.of(change, toTree(config), "--set", notes), "the setting");
    }

    private static int equals(String assignment) {
        int equals = assignment.indexOf('=');
        if (equals < 1) {
            throw new UserError(
                    "'" + assignment + "' is no setting, expected NAME=VALUE such as training.learning_rate=3e-5");
        }
        return equals;
    }

    /** The setting that a foreign name is read as; the name itself if there is none. */
    private static String meant(String name) {
        return ForeignNames.of(name.substring(name.lastIndexOf('.') + 1))
                .filter(ForeignNames.Same.class::isInstance)
                .map(meaning -> ((ForeignNames.Same) meaning).path())
                .orElse(name);
    }

    private static @Nullable Object value(String name, String value, String path) {
        if (isText(type(path))) {
            return value.equals("null") ? null : value;
        }
        try {
            return Json.YAML.readTree(value);
        } catch (JsonProcessingException e) {
            throw new UserError("the value of " + name + " is no YAML: " + explain(e), e);
        }
    }

    private static Class<?> type(String path) {
        Class<?> type = RunConfig.class;
        for (String key : path.split("\\.", -1)) {
            type = type(type, key);
        }
        return type;
    }

    /**
     * Reads a file of at most 1 MiB in YAML or JSON; an empty one is an empty object.
     *
     * @throws UserError if it is missing, unreadable or neither
     */
    public static JsonNode readTree(Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                throw new UserError(file + " is not a file, expected a run file in YAML or JSON");
            }
            if (Files.size(file) > MAX_BYTES) {
                throw new UserError(
                        file + " has " + Files.size(file) + " bytes, expected a run file of at most " + MAX_BYTES);
            }
            JsonNode tree = Json.YAML.readTree(Files.readString(file));
            return tree.isMissingNode() ? Json.object() : tree;
        } catch (JsonProcessingException e) {
            throw new UserError(file + " is neither YAML nor JSON: " + explain(e), e);
        } catch (CharacterCodingException e) {
            throw new UserError(file + " is not UTF-8, expected a run file in UTF-8; convert it", e);
        } catch (IOException e) {
            throw new UserError(file + " cannot be read: " + e, e);
        }
    }

    private static ObjectNode merge(ObjectNode base, JsonNode change, Class<?> group, String prefix, String where) {
        if (!change.isObject()) {
            String name = prefix.isEmpty() ? where : prefix.substring(0, prefix.length() - 1);
            throw new UserError(name + " is not a group of settings, expected keys " + String.join(", ", names(base)));
        }
        for (Map.Entry<String, JsonNode> entry : change.properties()) {
            String key = entry.getKey();
            JsonNode known = base.get(key);
            if (known == null) {
                throw unknown(where, prefix, key, names(base));
            }
            if (known instanceof ObjectNode settings) {
                merge(settings, entry.getValue(), type(group, key), prefix + key + ".", where);
            } else {
                base.set(key, typed(prefix + key, entry.getValue(), type(group, key)));
            }
        }
        return base;
    }

    /** Says which name was meant: one of those that may stand there, one from elsewhere, or one that we do not have. */
    private static UserError unknown(String where, String prefix, String key, List<String> names) {
        String found = where + " has an unknown key " + prefix + key;
        Optional<String> near = Spelling.nearest(key, names).map(name -> prefix + name);
        Optional<ForeignNames.Meaning> meaning = near.isPresent() ? Optional.empty() : ForeignNames.of(key);
        if (meaning.isPresent() && meaning.get() instanceof ForeignNames.Unsupported unsupported) {
            return new UserError(where + ": " + ForeignNames.refusal(prefix + key, unsupported));
        }
        return new UserError(found
                + near.or(() -> meaning.map(ConfigFiles::path))
                        .or(() -> Spelling.nearest(key, leaves().keySet()).map(leaves()::get))
                        .map(name -> "; did you mean " + name + "?")
                        .orElse(", expected one of " + String.join(", ", names)));
    }

    private static @Nullable String path(ForeignNames.Meaning meaning) {
        return meaning instanceof ForeignNames.Same same
                ? same.path()
                : meaning instanceof ForeignNames.Instead instead ? instead.path() : null;
    }

    /** All settings that stand in a group: their paths by their last names. */
    private static Map<String, String> leaves() {
        Map<String, String> leaves = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> group : toTree(RunConfig.defaults()).properties()) {
            group.getValue()
                    .fieldNames()
                    .forEachRemaining(name -> leaves.putIfAbsent(name, group.getKey() + "." + name));
        }
        return leaves;
    }

    /** YAML 1.1 takes 3e-5 for a text, since it has no dot, and people write 1e6 where a whole number is wanted. */
    private static JsonNode typed(String path, JsonNode value, Class<?> type) {
        if (AUTO_NUMBERS.contains(path)
                && value.isTextual()
                && value.textValue().strip().equals("auto")) {
            return JsonNodeFactory.instance.numberNode(TrainingArguments.AUTO);
        }
        if (YES_OR_NO.contains(path) && value.isBoolean()) {
            return JsonNodeFactory.instance.textNode(value.booleanValue() ? "yes" : "no");
        }
        boolean exponent = value.isTextual() && value.textValue().strip().matches("[-+]?\\d+(\\.\\d*)?[eE][-+]?\\d+");
        if (isText(type) || !exponent) {
            return value;
        }
        double number = Double.parseDouble(value.textValue());
        boolean whole = type != double.class && number == Math.rint(number) && Math.abs(number) < 1e15;
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return whole ? nodes.numberNode((long) number) : nodes.numberNode(number);
    }

    /** Type of a setting by its snake_case name; {@link Object} if there is none. */
    private static Class<?> type(Class<?> group, String key) {
        if (group.isRecord()) {
            for (RecordComponent component : group.getRecordComponents()) {
                String name = PropertyNamingStrategies.SnakeCaseStrategy.INSTANCE.translate(component.getName());
                if (name.equals(key)) {
                    return component.getType();
                }
            }
        }
        return Object.class;
    }

    private static boolean isText(Class<?> type) {
        return type == String.class || type == Character.class;
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
            throw e instanceof JsonMappingException mismatch
                    ? wrongType(tree, mismatch)
                    : new UserError("the settings cannot be used: " + explain(e), e);
        }
    }

    private static UserError wrongType(ObjectNode tree, JsonMappingException e) {
        List<String> path = e.getPath().stream()
                .map(JsonMappingException.Reference::getFieldName)
                .toList();
        Class<?> type = RunConfig.class;
        JsonNode found = tree;
        for (String key : path) {
            found = found.path(key);
            type = type(type, key);
        }
        return new UserError(String.join(".", path) + " is " + describe(found) + ", expected " + describe(type), e);
    }

    private static String describe(JsonNode found) {
        if (found.isContainerNode()) {
            return found.isArray() ? "a list" : "a group of settings";
        }
        return found.isTextual() ? "'" + found.textValue() + "'" : found.asText();
    }

    private static String describe(Class<?> type) {
        if (type == double.class) {
            return "a number";
        }
        if (type == int.class || type == long.class) {
            return "a whole number";
        }
        if (type == Character.class) {
            return "one character";
        }
        return type == boolean.class ? "true or false" : "a text";
    }

    private static List<String> names(ObjectNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static String explain(JsonProcessingException e) {
        JsonLocation location = e.getLocation();
        return e.getOriginalMessage().lines().findFirst().orElse("")
                + (location == null ? "" : " at line " + location.getLineNr() + " column " + location.getColumnNr());
    }
}
