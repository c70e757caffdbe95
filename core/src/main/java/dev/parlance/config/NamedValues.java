package dev.parlance.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Named numbers, switches and words that only some choices take, written {@code momentum=0.9,nesterov=true} as in Hugging
 * Face's {@code optim_args}. A run file may also have them as a group of settings.
 *
 * @param values what was given, by name, in the order in which it was given
 */
public record NamedValues(Map<String, String> values) {
    /** Nothing was given. */
    public static final NamedValues NONE = new NamedValues(Map.of());

    public NamedValues {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** Reads {@code name=value,name=value}; an empty text gives {@link #NONE}. */
    public static NamedValues parse(String text) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String part : text.split(",", -1)) {
            int equals = part.indexOf('=');
            if (equals < 1 && !text.isBlank()) {
                throw new UserError("'" + part.strip() + "' in '" + text
                        + "' is no named value, expected name=value, several separated by commas");
            }
            if (equals > 0) {
                add(
                        values,
                        part.substring(0, equals).strip(),
                        part.substring(equals + 1).strip());
            }
        }
        return new NamedValues(values);
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static NamedValues of(JsonNode node) {
        if (!node.isObject()) {
            return parse(node.isNull() ? "" : node.asText());
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            if (!entry.getValue().isValueNode()) {
                throw new UserError(entry.getKey() + " is " + entry.getValue() + ", expected a number, true or false");
            }
            add(values, entry.getKey(), entry.getValue().asText());
        }
        return new NamedValues(values);
    }

    private static void add(Map<String, String> values, String name, String value) {
        if (values.put(name, value) != null) {
            throw new UserError(name + " is given twice, expected it once");
        }
    }

    /** Whether nothing was given. */
    public boolean isEmpty() {
        return values.isEmpty();
    }

    /** The number with a name, or {@code absent} if none was given. */
    public double number(String name, double absent) {
        String value = values.get(name);
        return value == null ? absent : Double.parseDouble(value);
    }

    /** Whether a switch is on, or {@code absent} if it was not given. */
    public boolean flag(String name, boolean absent) {
        String value = values.get(name);
        return value == null ? absent : Boolean.parseBoolean(value);
    }

    /** The word with a name, or {@code absent} if none was given. */
    public String word(String name, String absent) {
        return values.getOrDefault(name, absent);
    }

    /** Refuses names that are not among {@code allowed}: those of the setting's current choice. */
    void checkNames(String setting, Collection<String> allowed, String choice) {
        for (String name : values.keySet()) {
            if (!allowed.contains(name)) {
                throw new UserError(setting + " has " + name + ", which " + choice + " does not take"
                        + (allowed.isEmpty()
                                ? "; it takes none"
                                : Spelling.nearest(name, allowed)
                                        .map(near -> "; did you mean " + near + "?")
                                        .orElse(", expected one of " + String.join(", ", allowed))));
            }
        }
    }

    /** Refuses a value, if there is one, that is no number from {@code low} to {@code high}. */
    void checkNumber(String setting, String name, double low, double high) {
        String value = values.get(name);
        if (value != null) {
            try {
                Check.range(setting + ": " + name, Double.parseDouble(value), low, high);
            } catch (NumberFormatException e) {
                throw new UserError(setting + ": " + name + " is '" + value + "', expected a number", e);
            }
        }
    }

    /** Refuses a value, if there is one, that is neither true nor false. */
    void checkFlag(String setting, String name) {
        String value = values.get(name);
        if (value != null && !value.equalsIgnoreCase("true") && !value.equalsIgnoreCase("false")) {
            throw new UserError(setting + ": " + name + " is '" + value + "', expected true or false");
        }
    }

    /** The text that {@link #parse} reads, or null if nothing was given. */
    @JsonValue
    @Nullable
    String text() {
        return values.isEmpty() ? null : toString();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        values.forEach((name, value) ->
                text.append(text.isEmpty() ? "" : ",").append(name).append('=').append(value));
        return text.toString();
    }
}
