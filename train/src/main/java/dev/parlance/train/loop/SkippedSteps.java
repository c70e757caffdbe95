package dev.parlance.train.loop;

import dev.parlance.config.TrainingArguments;
import dev.parlance.config.UserError;

/** Steps whose loss or gradient is no finite number: they change nothing, and too many in a row end the run. */
final class SkippedSteps {
    private final TrainingArguments arguments;
    private State state = new State(0, 0);

    /** How many there were since the last good step, and in all. */
    record State(int inARow, long all) {}

    SkippedSteps(TrainingArguments arguments) {
        this.arguments = arguments;
    }

    /**
     * Whether a step is to be skipped.
     *
     * @throws UserError if the limit of steps in a row is passed
     */
    boolean skip(long step, double loss, double gradNorm) {
        if (Double.isFinite(loss) && Double.isFinite(gradNorm)) {
            state = new State(0, state.all());
            return false;
        }
        state = new State(state.inARow() + 1, state.all() + 1);
        int limit = arguments.maxSkippedSteps();
        if (state.inARow() > limit) {
            throw new UserError(what(step, loss, gradNorm)
                    + (limit == 0 ? "" : ", after " + limit + " in a row that were skipped for that")
                    + "; lower training.learning_rate (now " + arguments.learningRate() + ")");
        }
        return true;
    }

    static String what(long step, double loss, double gradNorm) {
        return "the loss became " + loss + " with a gradient norm of " + gradNorm + " at step " + step;
    }

    State state() {
        return state;
    }

    void restore(State saved) {
        state = saved;
    }
}
