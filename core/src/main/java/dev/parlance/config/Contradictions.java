package dev.parlance.config;

import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Refuses settings that each can be used but not together. Looked at once a run is complete, since settings are changed one
 * after the other. The two lists are all of them; what one optimizer or schedule takes is said by its kind.
 */
public final class Contradictions {
    private static final List<Rule<TrainingArguments>> OF_TRAINING = List.of(
            new Rule<>(
                    t -> t.warmupSteps() > 0
                            && t.warmupRatio() > 0
                            && t.warmupRatio() != TrainingArguments.DEFAULT_WARMUP_RATIO,
                    t -> "training.warmup_steps is " + Check.plain(t.warmupSteps()) + " and training.warmup_ratio is "
                            + t.warmupRatio() + "; set one of them"),
            new Rule<>(
                    t -> t.freezeLayers().equals("all") && t.unfreezeLayersPerEpoch() > 0,
                    t -> "training.freeze_layers is all but training.unfreeze_layers_per_epoch is "
                            + t.unfreezeLayersPerEpoch() + "; set one of them"),
            new Rule<>(
                    t -> t.headLearningRate() > 0 && t.learningRate() == 0,
                    t -> "training.learning_rate is 0 but training.head_learning_rate is " + t.headLearningRate()
                            + "; to train the head alone, set training.freeze_layers to all"),
            new Rule<>(
                    t -> t.evalSteps() > 0 && !t.evalStrategy().equals("steps"),
                    t -> idle("eval_steps", t.evalSteps(), "eval_strategy", t.evalStrategy(), "steps")),
            new Rule<>(
                    t -> t.saveSteps() > 0 && !t.saveStrategy().equals("steps"),
                    t -> idle("save_steps", t.saveSteps(), "save_strategy", t.saveStrategy(), "steps")),
            new Rule<>(
                    t -> t.earlyStoppingPatience() > 0 && measuresNever(t),
                    t -> idle(
                            "early_stopping_patience",
                            t.earlyStoppingPatience(),
                            "eval_strategy",
                            t.evalStrategy(),
                            "epoch or steps")),
            new Rule<>(
                    t -> t.earlyStoppingThreshold() > 0 && t.earlyStoppingPatience() == 0,
                    t -> idle(
                            "early_stopping_threshold",
                            t.earlyStoppingThreshold(),
                            "early_stopping_patience",
                            t.earlyStoppingPatience(),
                            "3")),
            new Rule<>(
                    t -> t.saveStrategy().equals("best") && measuresNever(t),
                    t -> "training.save_strategy is best but training.eval_strategy is no, so that there are no"
                            + " scores to compare; set training.eval_strategy to epoch or steps"),
            new Rule<>(
                    t -> isFocal(t) && t.labelSmoothingFactor() > 0,
                    t -> "training.loss is focal but training.label_smoothing_factor is "
                            + Check.plain(t.labelSmoothingFactor()) + "; focal loss is defined for one label that"
                            + " is certain; set training.label_smoothing_factor to 0 or training.loss to cross_entropy"),
            new Rule<>(
                    t -> !isFocal(t) && t.focalGamma() != TrainingArguments.FOCAL_GAMMA,
                    t -> idle("focal_gamma", t.focalGamma(), "loss", t.loss(), "focal")),
            new Rule<>(
                    t -> t.mixout() > 0 && t.freezeLayers().equals("all"),
                    t -> idle("mixout", t.mixout(), "freeze_layers", t.freezeLayers(), "none")),
            new Rule<>(
                    t -> t.emaDecay() > 0 && t.swaStart() > 0,
                    t -> "training.ema_decay is " + Check.plain(t.emaDecay()) + " and training.swa_start is "
                            + Check.plain(t.swaStart())
                            + ", but only one average of the weights is saved; set one of them to 0"),
            new Rule<>(
                    t -> t.swaSteps() > 0 && t.swaStart() == 0,
                    t -> idle("swa_steps", t.swaSteps(), "swa_start", "0", "0.75")),
            new Rule<>(
                    t -> t.maxTokensPerBatch() > 0 && t.perDeviceTrainBatchSize() != TrainingArguments.TRAIN_BATCH_SIZE,
                    t -> tokens(t) + " but training.per_device_train_batch_size is "
                            + size(t.perDeviceTrainBatchSize())
                            + "; batches are of so many tokens or of so many examples: set one of them"),
            new Rule<>(
                    t -> t.maxTokensPerBatch() > 0 && !t.groupByLength(),
                    t -> tokens(t) + " but training.group_by_length is false; batches of so many tokens hold texts of"
                            + " like length: set training.group_by_length to true"),
            new Rule<>(
                    t -> t.profileSteps() == 0 && t.profileSkipSteps() != TrainingArguments.PROFILE_SKIP_STEPS,
                    t -> idle("profile_skip_steps", t.profileSkipSteps(), "profile_steps", "0", "10")),
            new Rule<>(
                    t -> t.profileSteps() == 0 && t.profileMaxEvents() != TrainingArguments.PROFILE_MAX_EVENTS,
                    t -> idle("profile_max_events", t.profileMaxEvents(), "profile_steps", "0", "10")),
            new Rule<>(
                    t -> t.profileSteps() > 0
                            && t.maxSteps() != TrainingArguments.UNLIMITED
                            && t.maxSteps() <= t.profileSkipSteps(),
                    t -> "training.max_steps is " + t.maxSteps() + " but training.profile_skip_steps is "
                            + t.profileSkipSteps() + ", so that no step is left to profile; set"
                            + " training.profile_skip_steps to less"));

    private static final List<Rule<RunConfig>> OF_RUN = List.of(
            new Rule<>(
                    run -> run.training().rDropAlpha() > 0
                            && run.model().dropout() == 0
                            && run.training().mixout() == 0,
                    run -> "training.r_drop_alpha is "
                            + Check.plain(run.training().rDropAlpha())
                            + " but model.dropout is 0, so that its two passes are the same; set model.dropout to 0.1 or"
                            + " training.r_drop_alpha to 0"),
            new Rule<>(
                    run -> run.training().maxTokensPerBatch() > 0
                            && run.model().maxLength() > run.training().maxTokensPerBatch(),
                    run -> tokens(run.training()) + " but model.max_length is "
                            + run.model().maxLength() + ", so that one text may be more than a batch; set"
                            + " training.max_tokens_per_batch to at least that or model.max_length to less"),
            new Rule<>(
                    run -> run.training().profileSteps() > 0
                            && run.model().modelNameOrPath().equals(LinearConfig.MODEL),
                    run -> profiled(run) + " but model.model_name_or_path is linear, which has no training steps to"
                            + " profile; set training.profile_steps to 0 or take another model"));

    private Contradictions() {}

    /** What is refused, and the line that names the settings and says which to change. */
    private record Rule<T>(Predicate<T> isBroken, Function<T, String> message) {
        static <T> void refuse(List<Rule<T>> rules, T settings) {
            for (Rule<T> rule : rules) {
                if (rule.isBroken().test(settings)) {
                    throw new UserError(rule.message().apply(settings));
                }
            }
        }
    }

    /**
     * Looks at all settings of a run.
     *
     * @throws UserError that names both settings and says which to change
     */
    public static void refuse(RunConfig config) {
        config.training().refuseContradictions();
        Rule.refuse(OF_RUN, config);
    }

    /**
     * Refuses to profile where more than one model is trained.
     *
     * @param what trains them, such as {@code cross-validation}
     */
    public static void refuseProfile(RunConfig config, String what) {
        if (config.training().profileSteps() > 0) {
            throw new UserError(profiled(config) + ", but " + what
                    + " trains many models; profile one run, of parlance train alone");
        }
    }

    /** Looks at how a run trains, whatever its model and data are. */
    static void refuse(TrainingArguments training) {
        Rule.refuse(OF_TRAINING, training);
    }

    /** The line on a setting that would do nothing beside another one. */
    private static String idle(String setting, double value, String other, Object found, String expected) {
        return "training." + setting + " is " + Check.plain(value) + " but training." + other + " is " + found
                + ", beside which it does nothing; set training." + other + " to " + expected + " or leave training."
                + setting + " out";
    }

    private static boolean measuresNever(TrainingArguments training) {
        return training.evalStrategy().equals("no");
    }

    private static boolean isFocal(TrainingArguments training) {
        return training.loss().equals("focal");
    }

    private static String tokens(TrainingArguments training) {
        return "training.max_tokens_per_batch is " + training.maxTokensPerBatch();
    }

    private static String profiled(RunConfig run) {
        return "training.profile_steps is " + run.training().profileSteps();
    }

    private static String size(int batchSize) {
        return batchSize == TrainingArguments.AUTO ? "auto" : Integer.toString(batchSize);
    }
}
