package dev.parlance.train.auto;

import dev.parlance.config.RunConfig;
import dev.parlance.train.loop.TrainingCost;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;

/**
 * An encoder that may be fine-tuned: its settings, once it was measured how long that takes.
 *
 * @param config its settings; not to be used if it does not fit
 * @param fits whether there is time for it
 * @param why a sentence
 */
record Encoder(RunConfig config, boolean fits, String why) {
    /** The settings that are chosen for an encoder. */
    static final List<String> CHOSEN =
            List.of("training.learning_rate", "training.num_train_epochs", "model.max_length", "training.seed");

    /** Fits the training of an encoder into the time. */
    static Encoder fit(
            RunConfig config,
            DataFacts facts,
            TrainingCost cost,
            Portfolio.Entry entry,
            double secondsLeft,
            boolean first) {
        Plan plan = Plan.fit(config, facts, cost, secondsLeft, first);
        if (plan.epochs() == 0) {
            return new Encoder(config, false, entry.name() + " is left out: " + plan.why());
        }
        Duration asked = config.training().timeLimit();
        long most = Math.max(1, (long) secondsLeft);
        RunConfig settings = config.with("model.model_name_or_path", entry.model())
                .with("training.seed", entry.seed())
                .with("training.num_train_epochs", plan.epochs())
                .with("training.learning_rate", times(cost.learningRate(), entry.rateFactor()))
                .with("model.max_length", plan.maxLength())
                .with("training.max_time", (asked == null ? most : Math.min(most, asked.toSeconds())) + "s");
        return new Encoder(settings, true, entry.why() + "; " + plan.why());
    }

    /** In decimals, so that three times 1e-4 is 3e-4. */
    private static double times(double rate, double factor) {
        return BigDecimal.valueOf(rate).multiply(BigDecimal.valueOf(factor)).doubleValue();
    }
}
