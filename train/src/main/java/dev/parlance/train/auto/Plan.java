package dev.parlance.train.auto;

import dev.parlance.config.ModelConfig;
import dev.parlance.config.RunConfig;
import dev.parlance.config.TrainingArguments;
import dev.parlance.train.loop.TrainingCost;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * How long a candidate is trained and on how much of each text.
 *
 * @param epochs passes over the training data; 0 if there is no time for any of use
 * @param maxLength longest text in tokens
 * @param seconds what it will take, with measuring and saving
 * @param why a sentence
 */
record Plan(double epochs, int maxLength, double seconds, String why) {
    /** Small data wants more passes: about so many steps in all (Mosbach et al. 2021, "On the stability of fine-tuning BERT"). */
    private static final double STEPS = 1_000;

    private static final double LEAST_EPOCHS = 3;
    private static final double MOST_EPOCHS = 12;

    /** Fewer steps than this teach an encoder little. */
    private static final double FEWEST_STEPS = 30;

    /** Loading, tokenizing, exporting and checking the graph. */
    static final double FIXED_SECONDS = 10;

    /** The machine may be slower later than it was when it was measured. */
    private static final double MARGIN = 1.15;

    /** Texts are cut so that this share of them stays whole, if there is time for it. */
    private static final double WHOLE_SHARE = 0.95;

    private static final int[] LENGTHS = {512, 384, 256};
    private static final double EPOCHS_BEFORE_LENGTH = 2;

    /**
     * The longest training that is of use and fits.
     *
     * @param secondsLeft for this candidate
     * @param first whether there is no other encoder yet, so that a short training is better than none
     */
    static Plan fit(RunConfig config, DataFacts facts, TrainingCost cost, double secondsLeft, boolean first) {
        double wanted = wantedEpochs(config, facts);
        int maxLength = maxLength(config, facts, cost, secondsLeft, wanted);
        double fitting = Math.min(wanted, epochs(facts, cost, maxLength, secondsLeft));
        double stepsPerEpoch = Math.ceil((double) facts.trainRows() / batchSize(config));
        double least =
                first ? Math.min(wanted, FEWEST_STEPS / stepsPerEpoch) : Math.min(wanted, Math.max(1, wanted / 2));
        double seconds = seconds(facts, cost, maxLength, fitting);
        if (fitting < least) {
            return new Plan(
                    0,
                    maxLength,
                    0,
                    format(
                            "there are %s left, of which %s are needed for %s",
                            minutes(secondsLeft), minutes(seconds(facts, cost, maxLength, least)), told(least)));
        }
        String epochs = fitting < wanted
                ? format("%s, as many as fit the time (%s would be usual)", told(fitting), told(wanted))
                : format("%s, about %,.0f steps", told(fitting), fitting * stepsPerEpoch);
        return new Plan(fitting, maxLength, seconds, epochs + length(cost, maxLength) + ", about " + minutes(seconds));
    }

    private static String length(TrainingCost cost, int maxLength) {
        double cut = cost.longerThan(maxLength);
        return cut == 0
                ? ""
                : format("; texts are cut after %d tokens, which %.1f %% of them have more than", maxLength, 100 * cut);
    }

    private static double wantedEpochs(RunConfig config, DataFacts facts) {
        double asked = config.training().numTrainEpochs();
        if (asked != TrainingArguments.defaults().numTrainEpochs()) {
            return asked;
        }
        double epochs = Math.rint(STEPS * batchSize(config) / facts.trainRows());
        return Math.min(MOST_EPOCHS, Math.max(LEAST_EPOCHS, epochs));
    }

    private static int maxLength(
            RunConfig config, DataFacts facts, TrainingCost cost, double secondsLeft, double wanted) {
        int usual = Math.min(config.model().maxLength(), cost.maxTokens());
        boolean asked = config.model().maxLength() != ModelConfig.defaults().maxLength();
        int needed = cost.length(WHOLE_SHARE);
        if (asked || needed <= usual) {
            return usual;
        }
        for (int length : LENGTHS) {
            boolean shorterIsEnough = length != LENGTHS[LENGTHS.length - 1] && next(length) >= needed;
            double epochs = Math.min(wanted, EPOCHS_BEFORE_LENGTH);
            if (length <= cost.maxTokens() && !shorterIsEnough && epochs(facts, cost, length, secondsLeft) >= epochs) {
                return length;
            }
        }
        return usual;
    }

    private static int next(int length) {
        for (int shorter : LENGTHS) {
            if (shorter < length) {
                return shorter;
            }
        }
        return length;
    }

    /** Passes that fit, in halves, or a fraction of one in hundredths. */
    private static double epochs(DataFacts facts, TrainingCost cost, int maxLength, double secondsLeft) {
        double training = MARGIN * cost.trainSeconds(facts.trainRows(), maxLength);
        double measuring = MARGIN * cost.evaluationSeconds(facts.validationRows(), maxLength);
        double left = Math.max(0, secondsLeft - seconds(facts, cost, maxLength, 0));
        double whole = left / (training + measuring);
        double part = Math.max(0, left - measuring) / training;
        return whole >= 1 ? Math.floor(2 * whole) / 2 : Math.floor(100 * Math.min(1, part)) / 100;
    }

    private static double seconds(DataFacts facts, TrainingCost cost, int maxLength, double epochs) {
        double training = cost.trainSeconds(epochs * facts.trainRows(), maxLength);
        double measurements = Math.ceil(epochs) + 1; // the last is that of the saved graph
        double measuring = cost.evaluationSeconds(measurements * facts.validationRows() + facts.testRows(), maxLength);
        return FIXED_SECONDS + MARGIN * (training + measuring);
    }

    private static int batchSize(RunConfig config) {
        int asked = config.training().perDeviceTrainBatchSize();
        return (asked == TrainingArguments.AUTO ? TrainingArguments.TRAIN_BATCH_SIZE : asked)
                * config.training().gradientAccumulationSteps();
    }

    private static String told(double count) {
        String number = BigDecimal.valueOf(count)
                .setScale(2, RoundingMode.CEILING)
                .stripTrailingZeros()
                .toPlainString();
        return number + (count == 1 ? " epoch" : " epochs");
    }

    static String minutes(double seconds) {
        return seconds < 120 ? format("%.0f s", Math.max(0, seconds)) : format("%.1f min", seconds / 60);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
