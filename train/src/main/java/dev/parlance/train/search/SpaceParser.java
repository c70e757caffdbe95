package dev.parlance.train.search;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.ConfigFiles;
import dev.parlance.config.RunConfig;
import dev.parlance.config.Spelling;
import dev.parlance.config.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what is to be searched and checks it against the settings that there are. */
final class SpaceParser {
    private static final Pattern RANGE = Pattern.compile("\\s*(\\S+?)\\s*\\.\\.\\s*([^\\s:]+)\\s*((?::\\s*\\w+\\s*)*)");
    private static final Set<String> RANGE_KEYS = Set.of("min", "max", "log", "int", "points");
    /** Settings that would change what is compared, or that the search itself sets, and why they are refused. */
    private static final Map<String, String> REFUSED = refused();

    private final RunConfig base;
    private final ObjectNode tree;

    SpaceParser(RunConfig base) {
        this.base = base;
        this.tree = ConfigFiles.toTree(base);
    }

    private static Map<String, String> refused() {
        Map<String, String> reasons = new LinkedHashMap<>();
        reasons.put("data.", "it would change what the scores are measured on, so that they could not be compared");
        reasons.put("task", "it would change what is measured");
        reasons.put("output_dir", "each trial has a directory of its own");
        reasons.put("overwrite_output_dir", "each trial has a directory of its own");
        reasons.put("training.threads", "--cores-per-trial sets it");
        reasons.put("training.metric_for_best_model", "it is what the search compares trials by");
        reasons.put("tracking.", "it changes no score");
        return reasons;
    }

    /** Reads {@code name=values}. */
    Parameter assignment(String assignment) {
        int equals = assignment.indexOf('=');
        if (equals < 1) {
            throw new UserError("'" + assignment
                    + "' is nothing to search, expected NAME=VALUES such as training.learning_rate=1e-5..1e-3:log");
        }
        return parameter(
                assignment.substring(0, equals).strip(),
                assignment.substring(equals + 1).strip());
    }

    /** Reads a file that has settings by dotted names or in groups. */
    List<Parameter> file(Path file) {
        JsonNode root = ConfigFiles.readTree(file);
        if (!root.isObject()) {
            throw new UserError(file
                    + " holds no settings to search, expected lines such as training.learning_rate: 1e-5..1e-3:log");
        }
        List<Parameter> parameters = new ArrayList<>();
        collect("", root, parameters);
        return parameters;
    }

    private void collect(String prefix, JsonNode group, List<Parameter> parameters) {
        for (Map.Entry<String, JsonNode> entry : group.properties()) {
            String name = prefix + entry.getKey();
            JsonNode node = entry.getValue();
            if (node.isObject() && (node.has("min") || node.has("max"))) {
                parameters.add(range(name, node));
            } else if (node.isObject()) {
                collect(name + ".", node, parameters);
            } else if (node.isArray()) {
                List<String> values = new ArrayList<>();
                node.forEach(value -> values.add(value.asText()));
                parameters.add(choice(name, values));
            } else {
                parameters.add(parameter(name, node.asText()));
            }
        }
    }

    private Parameter parameter(String name, String text) {
        JsonNode setting = setting(name);
        Matcher range = RANGE.matcher(text);
        if (setting.isNumber() && range.matches()) {
            boolean log = false;
            boolean whole = setting.isIntegralNumber();
            int points = 0;
            for (String modifier : range.group(3).split(":", -1)) {
                switch (modifier.strip()) {
                    case "" -> {}
                    case "log" -> log = true;
                    case "int" -> whole = true;
                    default -> points = points(name, modifier.strip());
                }
            }
            return checked(
                    new Range(name, number(name, range.group(1)), number(name, range.group(2)), log, whole, points));
        }
        return choice(name, Arrays.asList(text.split(text.contains("|") ? "\\|" : ",", -1)));
    }

    private Parameter range(String name, JsonNode node) {
        JsonNode setting = setting(name);
        if (!setting.isNumber()) {
            throw new UserError(name + " is no number, expected a list of its values instead of min and max");
        }
        node.fieldNames().forEachRemaining(key -> {
            if (!RANGE_KEYS.contains(key)) {
                throw new UserError(name + " has an unknown key " + key
                        + Spelling.nearest(key, RANGE_KEYS)
                                .map(near -> "; did you mean " + near + "?")
                                .orElse(", expected min, max, log, int, points"));
            }
        });
        return checked(new Range(
                name,
                number(name, node.path("min").asText()),
                number(name, node.path("max").asText()),
                node.path("log").asBoolean(false),
                node.path("int").asBoolean(setting.isIntegralNumber()),
                node.path("points").asInt(0)));
    }

    private Parameter choice(String name, List<String> values) {
        setting(name);
        List<String> stripped = values.stream().map(String::strip).toList();
        stripped.forEach(value -> ConfigFiles.withAssignment(base, name + "=" + value));
        return new Choice(name, stripped);
    }

    /** Both ends must be values that the setting can have. */
    private Range checked(Range range) {
        ConfigFiles.withAssignment(base, range.name() + "=" + range.value(0));
        ConfigFiles.withAssignment(base, range.name() + "=" + range.value(1));
        return range;
    }

    /** The value that a setting has now. */
    private JsonNode setting(String name) {
        JsonNode node = tree.at("/" + name.replace('.', '/'));
        if (node.isMissingNode()) {
            throw unknown(name);
        }
        if (node.isObject()) {
            throw new UserError(name + " is a group of settings, expected one of them such as " + name + "."
                    + node.fieldNames().next());
        }
        REFUSED.forEach((refused, why) -> {
            if (name.equals(refused) || (refused.endsWith(".") && name.startsWith(refused))) {
                throw new UserError(name + " cannot be searched: " + why);
            }
        });
        return node;
    }

    private UserError unknown(String name) {
        List<String> known = new ArrayList<>();
        leaves("", tree, known);
        String last = name.substring(name.lastIndexOf('.') + 1);
        String near = known.stream()
                .filter(path -> path.endsWith("." + last))
                .findFirst()
                .or(() -> Spelling.nearest(name, known))
                .or(() -> Spelling.nearest("training." + name, known))
                .map(path -> "; did you mean " + path + "?")
                .orElse(", expected one of those that 'parlance train --help' lists, such as training.learning_rate");
        return new UserError("there is no setting " + name + " to search" + near);
    }

    private static void leaves(String prefix, JsonNode node, List<String> paths) {
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            if (entry.getValue().isObject()) {
                leaves(prefix + entry.getKey() + ".", entry.getValue(), paths);
            } else {
                paths.add(prefix + entry.getKey());
            }
        }
    }

    private static double number(String name, String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new UserError(name + " is searched to '" + text + "', expected a number at both ends", e);
        }
    }

    private static int points(String name, String text) {
        if (!text.matches("\\d{1,6}")) {
            throw new UserError(
                    name + " has ':" + text + "' after its range, expected :log, :int or a number of points");
        }
        return Integer.parseInt(text);
    }
}
