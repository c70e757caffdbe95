package dev.parlance.train.auto;

import dev.parlance.data.Dataset;
import dev.parlance.data.Splits;
import dev.parlance.text.Language;
import dev.parlance.train.loop.Languages;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What choices follow from.
 *
 * @param trainRows training texts
 * @param validationRows validation texts
 * @param testRows test texts, 0 if there are none
 * @param labels different labels
 * @param rarest rows of the rarest label of the training part
 * @param commonest rows of its most frequent label
 * @param languages those that at least one in twenty texts is written in
 */
record DataFacts(
        int trainRows,
        int validationRows,
        int testRows,
        int labels,
        int rarest,
        int commonest,
        List<Language> languages) {
    static DataFacts of(Splits splits) {
        Dataset train = splits.train();
        @Nullable Dataset test = splits.test();
        Map<String, Integer> counts = train.labelCounts();
        return new DataFacts(
                train.size(),
                splits.validation().size(),
                test == null ? 0 : test.size(),
                splits.labels().size(),
                counts.values().stream().mapToInt(Integer::intValue).min().orElseThrow(),
                counts.values().stream().mapToInt(Integer::intValue).max().orElseThrow(),
                Languages.of(train.examples()));
    }

    String sentence() {
        String written = languages.isEmpty()
                ? "neither in English nor in Chinese"
                : "in " + languages.stream().map(DataFacts::name).collect(Collectors.joining(" and "));
        return String.format(
                Locale.ROOT,
                "%,d texts to train on, %s, %d labels with %,d to %,d texts each; %,d texts to compare models by, %,d to"
                        + " measure the chosen one",
                trainRows,
                written,
                labels,
                rarest,
                commonest,
                validationRows,
                testRows);
    }

    private static String name(Language language) {
        return language == Language.ZH ? "Chinese" : "English";
    }
}
