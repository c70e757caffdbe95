package dev.parlance.track;

import dev.parlance.config.Spelling;
import dev.parlance.config.UserError;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;

/**
 * All that runs can be filtered and sorted by, as texts by name: {@code id}, {@code status}, {@code model}, {@code data},
 * {@code started_at}, {@code seconds}, {@code step}; settings such as {@code training.learning_rate}; scores such as
 * {@code eval_macro_f1} (on the validation data) and {@code test_accuracy}.
 */
public final class RunValues {
    private RunValues() {}

    /** The values of a run. */
    public static Map<String, String> of(TrackedRun run) {
        Map<String, String> values = new LinkedHashMap<>();
        RunInfo info = run.info();
        values.put("id", run.id());
        values.put("status", run.status().toString());
        values.put("model", info.model());
        values.put("data", info.data());
        values.put("started_at", info.startedAt().toString());
        values.put("seconds", Long.toString(run.duration().toSeconds()));
        values.put("step", Long.toString(info.step()));
        values.putAll(run.settings());
        scores(run).forEach((name, value) -> values.put(name, Double.toString(value)));
        return values;
    }

    /** The scores by name: {@code eval_} and {@code test_} before that of the metric. */
    public static Map<String, Double> scores(TrackedRun run) {
        Map<String, Double> scores = new LinkedHashMap<>();
        RunInfo.Best best = run.info().best();
        if (best != null) {
            scores.put("eval_" + best.metric(), best.value());
        }
        run.info().scores().forEach((split, values) -> {
            String prefix = split.equals("validation") ? "eval_" : split + "_";
            values.forEach((name, value) -> scores.put(prefix + name, value));
        });
        return scores;
    }

    /** The one score that says most, for tables: {@code test macro_f1 0.9123}; empty if nothing was measured. */
    public static String headline(TrackedRun run) {
        RunInfo.Best best = run.info().best();
        String metric = best == null ? "accuracy" : best.metric();
        for (String split : List.of("test", "validation")) {
            Double score = run.info().scores().getOrDefault(split, Map.of()).get(metric);
            if (score != null) {
                return split + " " + metric + String.format(Locale.ROOT, " %.4f", score);
            }
        }
        return best == null ? "" : "validation " + metric + String.format(Locale.ROOT, " %.4f", best.value());
    }

    /**
     * The full name that a word stands for: itself, or the one setting that ends with it, as {@code learning_rate} does for
     * {@code training.learning_rate}.
     *
     * @param runs values of the runs that are asked
     * @throws UserError if none of them has a value of that name
     */
    public static String resolve(String word, Collection<Map<String, String>> runs) {
        TreeSet<String> names = new TreeSet<>();
        runs.forEach(values -> names.addAll(values.keySet()));
        if (names.contains(word)) {
            return word;
        }
        List<String> meant =
                names.stream().filter(name -> name.endsWith("." + word)).toList();
        if (meant.size() == 1) {
            return meant.get(0);
        }
        if (!meant.isEmpty()) {
            throw new UserError("'" + word + "' may be " + String.join(" or ", meant) + ", expected one of them");
        }
        throw new UserError("no run has a value called '" + word + "'" + nearest(word, names));
    }

    private static String nearest(String word, Set<String> names) {
        List<String> spelt = new ArrayList<>(names);
        names.forEach(name -> spelt.add(name.substring(name.lastIndexOf('.') + 1)));
        return Spelling.nearest(word, spelt)
                .map(near -> "; did you mean " + near + "?")
                .orElse(", expected a setting such as learning_rate, a score such as eval_macro_f1, or id, status,"
                        + " model, data, started_at, seconds, step");
    }

    /** The number that a text is, if it is one. */
    static OptionalDouble number(String text) {
        try {
            return OptionalDouble.of(Double.parseDouble(text));
        } catch (NumberFormatException e) {
            return OptionalDouble.empty();
        }
    }

    /** Orders texts, numbers by their size and before other texts. */
    public static int compare(String a, String b) {
        OptionalDouble x = number(a);
        OptionalDouble y = number(b);
        if (x.isPresent() && y.isPresent()) {
            return Double.compare(x.getAsDouble(), y.getAsDouble());
        }
        return x.isPresent() == y.isPresent() ? a.compareTo(b) : x.isPresent() ? -1 : 1;
    }
}
