package dev.parlance.cli;

import dev.parlance.data.Example;
import dev.parlance.data.Labels;
import dev.parlance.data.Labels.ScoredLabel;
import dev.parlance.predict.Pipeline;
import dev.parlance.text.Language;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** What a new model says to examples that it was not trained on: a few by language, beside what the data says. */
final class UnseenMessages {
    private static final Map<Language, String> LANGUAGES = languages();
    private static final int SHOWN_PER_LANGUAGE = 5;
    private static final long SEED = 42;

    private final PrintStream out;
    private final List<Example> unseen;
    private final Path model;

    UnseenMessages(Console console, List<Example> unseen, Path model) {
        this.out = console.out();
        this.unseen = unseen;
        this.model = model;
    }

    private static Map<Language, String> languages() {
        Map<Language, String> names = new LinkedHashMap<>();
        names.put(Language.EN, "English");
        names.put(Language.ZH, "Chinese");
        return names;
    }

    void print() {
        out.println();
        out.println("Messages that it never saw (these, and the scores above, are of the test data)");
        try (Pipeline pipeline = Pipeline.load(model)) {
            LANGUAGES.forEach((language, name) -> print(pipeline, language, name));
        }
        out.flush();
    }

    private void print(Pipeline pipeline, Language language, String name) {
        List<Example> examples = new ArrayList<>(unseen.stream()
                .filter(example -> Language.of(example.text()) == language)
                .toList());
        if (examples.isEmpty()) {
            return;
        }
        long right = examples.stream()
                .filter(example -> best(pipeline, example).label().equals(example.goldLabel()))
                .count();
        out.printf(Locale.ROOT, "%n%s: %d of %d right, for example%n%n", name, right, examples.size());
        Collections.shuffle(examples, new Random(SEED));
        examples.stream().limit(SHOWN_PER_LANGUAGE).forEach(example -> {
            ScoredLabel best = best(pipeline, example);
            boolean same = best.label().equals(example.goldLabel());
            out.println("  " + example.text());
            out.printf(
                    Locale.ROOT,
                    "    %s %s (%.2f)%s%n",
                    same ? "right:" : "wrong:",
                    best.label(),
                    best.score(),
                    same ? "" : ", the data says " + example.goldLabel());
        });
    }

    private static ScoredLabel best(Pipeline pipeline, Example example) {
        return ((Labels) pipeline.predict(example.text())).best();
    }
}
