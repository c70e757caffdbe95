package dev.parlance.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The learning-rate schedules: the names that {@code training.lr_scheduler_type} takes, which are Hugging Face's but for
 * {@code one_cycle}, and the arguments that {@code training.lr_scheduler_kwargs} may then hold.
 */
public enum SchedulerKind {
    LINEAR(true, ""),
    COSINE(true, "num_cycles"),
    COSINE_WITH_RESTARTS(true, "num_cycles"),
    COSINE_WITH_MIN_LR(true, "num_cycles min_lr min_lr_rate"),
    POLYNOMIAL(true, "lr_end power"),
    CONSTANT(false, ""),
    CONSTANT_WITH_WARMUP(true, ""),
    INVERSE_SQRT(true, "timescale"),
    ONE_CYCLE(false, "pct_start div_factor final_div_factor anneal_strategy three_phase"),
    REDUCE_LR_ON_PLATEAU(false, "factor patience threshold threshold_mode cooldown min_lr eps");

    private static final String SETTING = "training.lr_scheduler_kwargs";

    /** Bounds of the numbers, both inclusive. */
    private static final Map<String, double[]> RANGES = Map.ofEntries(
            Map.entry("num_cycles", new double[] {0, 1e6}),
            Map.entry("min_lr", new double[] {0, 10}),
            Map.entry("min_lr_rate", new double[] {0, 1}),
            Map.entry("lr_end", new double[] {0, 10}),
            Map.entry("power", new double[] {0, 100}),
            Map.entry("timescale", new double[] {1, 1e12}),
            Map.entry("pct_start", new double[] {0, 1}),
            Map.entry("div_factor", new double[] {1, 1e12}),
            Map.entry("final_div_factor", new double[] {1e-12, 1e12}),
            Map.entry("factor", new double[] {0, 0.999999}),
            Map.entry("patience", new double[] {0, 1e9}),
            Map.entry("threshold", new double[] {0, 1e9}),
            Map.entry("cooldown", new double[] {0, 1e9}),
            Map.entry("eps", new double[] {0, 10}));

    private final boolean hasWarmup;
    private final String arguments;

    /** Names of arguments are separated by spaces. */
    SchedulerKind(boolean hasWarmup, String arguments) {
        this.hasWarmup = hasWarmup;
        this.arguments = arguments;
    }

    /** The kind with a name such as {@code cosine_with_restarts}. */
    public static SchedulerKind of(String lrSchedulerType) {
        List<String> names = Arrays.stream(values()).map(SchedulerKind::key).toList();
        int index = names.indexOf(lrSchedulerType);
        if (index < 0) {
            throw new UserError("training.lr_scheduler_type is '" + lrSchedulerType + "'"
                    + Spelling.nearest(lrSchedulerType, names)
                            .map(near -> "; did you mean " + near + "?")
                            .orElse(", expected one of " + String.join(", ", names)));
        }
        return values()[index];
    }

    /** The name in settings. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Refuses arguments that this schedule does not take or that contradict others. */
    void check(NamedValues kwargs, double warmupSteps, double learningRate) {
        List<String> allowed = arguments.isEmpty() ? List.of() : List.of(arguments.split(" "));
        kwargs.checkNames(SETTING, allowed, "training.lr_scheduler_type " + key());
        RANGES.forEach((name, range) -> kwargs.checkNumber(SETTING, name, range[0], range[1]));
        kwargs.checkFlag(SETTING, "three_phase");
        Check.oneOf(SETTING + ": anneal_strategy", kwargs.word("anneal_strategy", "cos"), "cos", "linear");
        Check.oneOf(SETTING + ": threshold_mode", kwargs.word("threshold_mode", "rel"), "rel", "abs");
        if (!hasWarmup && warmupSteps > 0) {
            throw new UserError("training.warmup_steps is " + Check.plain(warmupSteps)
                    + " but training.lr_scheduler_type is " + key() + ", which has no warmup" + instead());
        }
        checkEnd(kwargs, learningRate);
    }

    private String instead() {
        return switch (this) {
            case CONSTANT -> "; take constant_with_warmup or leave warmup_steps out";
            case ONE_CYCLE -> " but pct_start in " + SETTING + "; leave warmup_steps out";
            default -> "; leave warmup_steps out";
        };
    }

    private void checkEnd(NamedValues kwargs, double learningRate) {
        double lrEnd = kwargs.number("lr_end", 1e-7);
        if (this == POLYNOMIAL && learningRate != TrainingArguments.AUTO && learningRate <= lrEnd) {
            throw new UserError(SETTING + ": lr_end is " + lrEnd + " but training.learning_rate is " + learningRate
                    + ", expected an end below the peak");
        }
        if (this == COSINE_WITH_MIN_LR) {
            boolean rate = kwargs.values().containsKey("min_lr_rate");
            if (rate == kwargs.values().containsKey("min_lr")) {
                throw new UserError(
                        SETTING + " has " + (rate ? "both min_lr and min_lr_rate" : "neither min_lr nor min_lr_rate")
                                + ", expected one of them with cosine_with_min_lr");
            }
            if (learningRate != TrainingArguments.AUTO && kwargs.number("min_lr", 0) > learningRate) {
                throw new UserError(SETTING + ": min_lr is " + kwargs.word("min_lr", "")
                        + " but training.learning_rate is " + learningRate + ", expected a minimum below the peak");
            }
        }
    }
}
