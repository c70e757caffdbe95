package dev.parlance.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parlance.config.ConfigFiles;
import dev.parlance.config.RunConfig;
import dev.parlance.config.TrainingArguments;
import dev.parlance.config.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A setting of a run as an option. Its type and default are those of {@link RunConfig}, so the two cannot drift.
 *
 * @param path dotted name in the run file, for example {@code training.learning_rate}
 * @param group heading in the help
 * @param names option names, the first of them preferred
 * @param label what the help calls the value
 * @param description one sentence without the default
 * @param bare the value that the option stands for if it is given without one; null if it needs one
 */
record Setting(
        String path,
        Group group,
        List<String> names,
        String label,
        String description,
        @Nullable String bare) {
    static final String LEARNING_RATE = "training.learning_rate";

    /** Headings of the help, in their order. */
    enum Group {
        WHAT("What to do"),
        DATA("Data"),
        LIMITS("Limits on data"),
        MODEL("Model"),
        LINEAR("Linear model, --model linear (names are those of scikit-learn)"),
        TRAINING("Training (names are those of Hugging Face's TrainingArguments)"),
        TRACKING("Tracking");

        final String heading;

        Group(String heading) {
            this.heading = heading;
        }
    }

    static Setting of(String path, Group group, String label, String description, String... more) {
        String name = "--" + path.substring(path.lastIndexOf('.') + 1).replace('_', '-');
        List<String> names = new ArrayList<>(List.of(more));
        names.add(name);
        return new Setting(path, group, List.copyOf(names), label, description, null);
    }

    /** The same setting, as an option that may come without a value and then has this one. */
    Setting orBare(int value) {
        return new Setting(path, group, names, label, description, Integer.toString(value));
    }

    Setting {
        names = List.copyOf(names);
    }

    /** The value that a run has if nobody sets it; a null node if it is detected. */
    JsonNode defaultValue() {
        return ConfigFiles.toTree(RunConfig.defaults()).at("/" + path.replace('.', '/'));
    }

    /** The option for picocli; {@code values} says which settings were given. */
    OptionSpec option(Map<Setting, String> values) {
        JsonNode standard = defaultValue();
        String tail = standard.isNull() ? "" : " Default: " + plain(standard) + ".";
        OptionSpec.Builder option = OptionSpec.builder(names.toArray(new String[0]))
                .type(String.class)
                .paramLabel("<" + label + ">")
                .description((description + tail).replace("%", "%%"))
                .setter(new ISetter() {
                    @Override
                    public <T> T set(T value) {
                        if (value != null) {
                            values.put(Setting.this, value.toString());
                        }
                        return value;
                    }
                });
        String fallback = standard.isBoolean() ? "true" : bare;
        return fallback == null
                ? option.arity("1").build()
                : option.arity("0..1").fallbackValue(fallback).build();
    }

    /** The run with this setting read from what the user typed. */
    RunConfig apply(RunConfig config, String text) {
        JsonNode standard = defaultValue();
        if (standard.isBoolean()) {
            if (!text.equalsIgnoreCase("true") && !text.equalsIgnoreCase("false")) {
                throw wrong(text, "true or false");
            }
            return config.with(path, Boolean.parseBoolean(text));
        }
        if (standard.isNumber()) {
            return config.with(path, number(text, standard.isIntegralNumber()));
        }
        return config.with(path, path.equals("data.delimiter") ? unescaped(text) : text);
    }

    private Object number(String text, boolean whole) {
        if (isAutoNumber() && text.strip().equals("auto")) {
            return TrainingArguments.AUTO;
        }
        try {
            return whole ? (Object) Long.valueOf(text.strip()) : (Object) Double.valueOf(text.strip());
        } catch (NumberFormatException e) {
            throw wrong(text, whole ? "a whole number" : "a number");
        }
    }

    private boolean isAutoNumber() {
        return ConfigFiles.AUTO_NUMBERS.contains(path);
    }

    /** A tab is hard to type in a shell. */
    private static String unescaped(String text) {
        return text.equals("\\t") || text.equals("tab") ? "\t" : text;
    }

    private UserError wrong(String found, String expected) {
        return new UserError(names.get(0) + " is '" + found + "', expected " + expected);
    }

    private String plain(JsonNode value) {
        double number = value.asDouble();
        if (isAutoNumber() && number == TrainingArguments.AUTO) {
            return "auto";
        }
        return value.isDouble() && number == Math.rint(number) && Math.abs(number) < 1e15
                ? Long.toString((long) number)
                : value.asText();
    }
}
