package dev.parlance.train.loop;

import dev.parlance.config.TrainingArguments;
import org.jspecify.annotations.Nullable;

/** The mean training loss since it was last computed, as {@code logging_strategy} has it. */
final class LossWindow {
    private final TrainingArguments arguments;
    private State state = new State(0, 0, null);

    /**
     * What it holds.
     *
     * @param sum of the losses since the last mean
     * @param count of them
     * @param shown the last mean; null before the first loss
     */
    record State(double sum, int count, @Nullable Double shown) {}

    LossWindow(TrainingArguments arguments) {
        this.arguments = arguments;
    }

    /**
     * Takes in a finite loss.
     *
     * @param epochEnds whether it is the last of an epoch
     * @param last whether it is the last of the run
     * @return whether the mean was computed anew: with the first loss, the last, and when the strategy says so
     */
    boolean add(double loss, boolean epochEnds, boolean last) {
        double sum = state.sum() + loss;
        int count = state.count() + 1;
        boolean due =
                switch (arguments.loggingStrategy()) {
                    case "steps" -> count == arguments.loggingSteps();
                    case "epoch" -> epochEnds;
                    default -> false;
                };
        boolean anew = due || last || state.shown() == null;
        state = anew ? new State(0, 0, sum / count) : new State(sum, count, state.shown());
        return anew;
    }

    /** The last mean; NaN before the first loss. */
    double shown() {
        return state.shown() == null ? Double.NaN : state.shown();
    }

    State state() {
        return state;
    }

    void restore(State saved) {
        state = saved;
    }
}
