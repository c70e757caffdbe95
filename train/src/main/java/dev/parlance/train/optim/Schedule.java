package dev.parlance.train.optim;

/** The learning rate as a share of its peak, by step; same values as transformers' schedules of the same names. */
public sealed interface Schedule {
    /**
     * The share of the peak learning rate that a step uses.
     *
     * @param step steps that are already done, from 0
     * @return a number in [0, 1]
     */
    double factor(long step);

    /** The schedule with this Hugging Face name. */
    static Schedule of(String lrSchedulerType, long steps, long warmupSteps) {
        return switch (lrSchedulerType) {
            case "linear" -> new Linear(steps, warmupSteps);
            case "constant" -> new ConstantWithWarmup(warmupSteps);
            default -> throw new IllegalArgumentException("no schedule is called " + lrSchedulerType);
        };
    }

    /** Rises linearly from 0 over the warmup, then falls linearly to 0 at the last step. */
    record Linear(long steps, long warmupSteps) implements Schedule {
        @Override
        public double factor(long step) {
            return step < warmupSteps
                    ? (double) step / warmupSteps
                    : Math.max(0, (double) (steps - step) / Math.max(1, steps - warmupSteps));
        }
    }

    /** Rises linearly from 0 over the warmup, then stays. */
    record ConstantWithWarmup(long warmupSteps) implements Schedule {
        @Override
        public double factor(long step) {
            return step < warmupSteps ? (double) step / warmupSteps : 1;
        }
    }
}
