package dev.parlance.train.auto;

import dev.parlance.config.RunConfig;
import dev.parlance.config.TrainingArguments;
import dev.parlance.text.Language;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is tried after the linear model, one after the other while there is time: each encoder for the language, the small
 * ones first; then the best of them with another learning rate, and with another seed.
 */
final class Portfolio {
    /** With so many labels each has few texts, and the head has much to learn: a higher rate then scores better. */
    private static final int MANY_LABELS = 20;

    private static final double FACTOR = 3;

    private final RunConfig config;
    private final DataFacts facts;
    private final List<String> models;

    Portfolio(RunConfig config, DataFacts facts) {
        this.config = config;
        this.facts = facts;
        this.models = models();
    }

    /**
     * Something to try.
     *
     * @param name of the candidate
     * @param model name of its base model
     * @param rateFactor what the learning rate that fits the encoder is multiplied with; 1 where the user has set the rate
     * @param seed of its training
     * @param why a sentence
     */
    record Entry(String name, String model, double rateFactor, long seed, String why) {}

    private List<String> models() {
        String asked = config.model().modelNameOrPath();
        if (!asked.equals("auto")) {
            return List.of(asked);
        }
        if (facts.languages().contains(Language.ZH)) {
            return List.of("bge-small-zh");
        }
        return List.of("minilm", "bge-small-en");
    }

    /**
     * What to try next.
     *
     * @param tried the entries so far
     * @param best model of the best encoder so far, empty if there is none
     */
    Optional<Entry> next(List<Entry> tried, Optional<Entry> best) {
        List<Entry> all = new ArrayList<>();
        for (String model : models) {
            all.add(new Entry(name(model), model, usualFactor(), seed(), why(model)));
        }
        if (best.isPresent()) {
            Entry first = best.get();
            if (isRateFree()) {
                double other = usualFactor() == 1 ? FACTOR : 1;
                all.add(new Entry(
                        name(first.model()) + "-rate",
                        first.model(),
                        other,
                        seed(),
                        "the best encoder so far once more, with a learning rate "
                                + (other > 1 ? "3 times as high" : "a third as high")));
            }
            all.add(
                    new Entry(
                            name(first.model()) + "-seed",
                            first.model(),
                            first.rateFactor(),
                            seed() + 1,
                            "the best encoder so far once more, with another seed: models that err differently are better together"));
        }
        return all.stream()
                .filter(entry -> tried.stream().noneMatch(other -> other.name().equals(entry.name())))
                .findFirst();
    }

    private String why(String model) {
        if (!config.model().modelNameOrPath().equals("auto")) {
            return name(model) + " since you asked for it";
        }
        String rate = usualFactor() == 1
                ? ""
                : ", with a learning rate 3 times as high as usual since there are " + facts.labels() + " labels";
        return switch (model) {
            case "bge-small-zh" -> "bge-small-zh as it is the encoder for Chinese among the built-in ones" + rate;
            case "minilm" ->
                (facts.languages().contains(Language.EN)
                                ? "minilm as it is the fastest encoder for English"
                                : "minilm though it knows English only, since no built-in encoder knows the language; its score"
                                        + " says whether that helps")
                        + rate;
            default -> model + ", which has twice the layers of minilm and takes twice the time" + rate;
        };
    }

    private double usualFactor() {
        return isRateFree() && facts.labels() >= MANY_LABELS ? FACTOR : 1;
    }

    private boolean isRateFree() {
        return config.training().learningRate() == TrainingArguments.AUTO;
    }

    private long seed() {
        return config.training().seed();
    }

    /** The last part of a path or of a name on the Hub. */
    private static String name(String model) {
        String last =
                model.replaceAll("[/\\\\]+$", "").replaceAll(".*[/\\\\:]", "").replaceAll("[^A-Za-z0-9._-]", "-");
        return last.isEmpty() || !Character.isLetterOrDigit(last.charAt(0)) || last.equals("linear") ? "model" : last;
    }
}
