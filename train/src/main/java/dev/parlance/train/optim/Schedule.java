package dev.parlance.train.optim;

import dev.parlance.config.NamedValues;
import dev.parlance.config.TrainingArguments;
import java.util.Map;

/**
 * The learning rate as a share of its peak, by step. Values are those of transformers' schedules of the same names, of
 * torch.optim's OneCycleLR for {@code one_cycle} and of its ReduceLROnPlateau for {@code reduce_lr_on_plateau}.
 */
public interface Schedule {
    /**
     * The share of the peak learning rate that a step uses.
     *
     * @param step steps that are already done, from 0
     * @return a number in [0, 1]
     */
    double factor(long step);

    /**
     * Hears a score of an evaluation, which only {@code reduce_lr_on_plateau} minds.
     *
     * @param greaterIsBetter what kind of score it is
     */
    default void onEvaluation(double score, boolean greaterIsBetter) {}

    /** What a checkpoint has to keep; empty for schedules that go by the step alone. */
    default Map<String, Double> state() {
        return Map.of();
    }

    /** Takes over what {@link #state} gave. */
    default void restore(Map<String, Double> state) {}

    /**
     * The schedule that {@code lr_scheduler_type} names.
     *
     * @param steps of the whole run
     */
    static Schedule of(TrainingArguments arguments, long steps) {
        NamedValues kwargs = arguments.lrSchedulerKwargs();
        long warmup = arguments.warmupSteps(steps);
        double peak = arguments.learningRate();
        return switch (arguments.schedulerKind()) {
            case LINEAR -> warmup(warmup, linear(steps, warmup));
            case CONSTANT -> step -> 1;
            case CONSTANT_WITH_WARMUP -> warmup(warmup, step -> 1);
            case COSINE -> warmup(warmup, cosine(steps, warmup, kwargs.number("num_cycles", 0.5), 0));
            case COSINE_WITH_MIN_LR -> warmup(warmup, cosineWithMinimum(steps, warmup, kwargs, peak));
            case COSINE_WITH_RESTARTS -> warmup(warmup, restarts(steps, warmup, kwargs.number("num_cycles", 1)));
            case POLYNOMIAL -> warmup(warmup, polynomial(steps, warmup, kwargs, peak));
            case INVERSE_SQRT -> warmup(warmup, inverseSqrt(warmup, kwargs));
            case ONE_CYCLE -> OneCycle.of(kwargs, steps);
            case REDUCE_LR_ON_PLATEAU -> new ReduceOnPlateau(kwargs, peak);
        };
    }

    /** Rises linearly from 0 over the warmup, then goes on as {@code after} says. */
    private static Schedule warmup(long warmupSteps, Schedule after) {
        return step -> step < warmupSteps ? (double) step / Math.max(1, warmupSteps) : after.factor(step);
    }

    /** Share of the steps after the warmup that are done. */
    private static double progress(long step, long steps, long warmupSteps) {
        return (double) (step - warmupSteps) / Math.max(1, steps - warmupSteps);
    }

    private static Schedule linear(long steps, long warmupSteps) {
        return step -> Math.max(0, (double) (steps - step) / Math.max(1, steps - warmupSteps));
    }

    /** So many waves of a cosine from 1 to {@code minimum}; half a wave falls once. */
    private static Schedule cosine(long steps, long warmupSteps, double cycles, double minimum) {
        return step -> {
            double wave = 0.5 * (1 + Math.cos(Math.PI * cycles * 2 * progress(step, steps, warmupSteps)));
            return Math.max(0, wave * (1 - minimum) + minimum);
        };
    }

    private static Schedule cosineWithMinimum(long steps, long warmupSteps, NamedValues kwargs, double peak) {
        double minimum = peak == 0 ? 0 : kwargs.number("min_lr_rate", kwargs.number("min_lr", 0) / peak);
        return cosine(steps, warmupSteps, kwargs.number("num_cycles", 0.5), minimum);
    }

    /** Falls along half a wave of a cosine so many times, each time from 1. */
    private static Schedule restarts(long steps, long warmupSteps, double cycles) {
        return step -> {
            double progress = progress(step, steps, warmupSteps);
            return progress >= 1 ? 0 : Math.max(0, 0.5 * (1 + Math.cos(Math.PI * (cycles * progress % 1))));
        };
    }

    /** Falls to {@code lr_end} along a power of what is left. */
    private static Schedule polynomial(long steps, long warmupSteps, NamedValues kwargs, double peak) {
        double end = kwargs.number("lr_end", 1e-7) / peak;
        double power = kwargs.number("power", 1);
        return step -> step > steps ? end : (1 - end) * Math.pow(1 - progress(step, steps, warmupSteps), power) + end;
    }

    private static Schedule inverseSqrt(long warmupSteps, NamedValues kwargs) {
        double scale = kwargs.number("timescale", warmupSteps == 0 ? 10_000 : (double) warmupSteps);
        return step -> 1 / Math.sqrt((step + scale - warmupSteps) / scale);
    }
}
