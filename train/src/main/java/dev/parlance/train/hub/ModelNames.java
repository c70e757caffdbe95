package dev.parlance.train.hub;

import dev.parlance.config.LinearConfig;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Explains a name that stands for no model. */
final class ModelNames {
    private static final Pattern HUB_ID = Pattern.compile("[A-Za-z0-9][\\w.-]*/[\\w.-]+");

    private ModelNames() {}

    static String unknown(String name) {
        if (name.equals(LinearConfig.MODEL)) {
            return "'linear' is no pretrained model but one that 'parlance train --model linear' makes from nothing: there is"
                    + " nothing to fetch and no tokenizer";
        }
        String names = BuiltInModel.all().stream().map(BuiltInModel::name).collect(Collectors.joining(", "));
        return "there is no model '" + name + "'" + suggestion(name) + ": expected a built-in name (" + names
                + "), a directory, or hf:owner/name";
    }

    private static String suggestion(String name) {
        Optional<String> upstream = BuiltInModel.all().stream()
                .filter(model -> model.upstreamId().equalsIgnoreCase(name)
                        || model.upstreamId().toLowerCase(Locale.ROOT).endsWith("/" + name.toLowerCase(Locale.ROOT)))
                .map(BuiltInModel::name)
                .findFirst();
        Optional<String> guess = upstream.or(() -> nearest(name));
        if (guess.isEmpty() && HUB_ID.matcher(name).matches()) {
            guess = Optional.of("hf:" + name);
        }
        return guess.map(text -> " (did you mean " + text + "?)").orElse("");
    }

    private static Optional<String> nearest(String name) {
        String wanted = name.toLowerCase(Locale.ROOT);
        return BuiltInModel.all().stream()
                .map(BuiltInModel::name)
                .filter(known -> distance(wanted, known) <= Math.max(2, known.length() / 3))
                .min(Comparator.comparingInt(known -> distance(wanted, known)));
    }

    // Levenshtein's distance, row by row
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitution = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substitution, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
