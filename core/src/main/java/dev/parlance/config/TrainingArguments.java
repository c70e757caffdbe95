package dev.parlance.config;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How to train. Names are those of Hugging Face's {@code TrainingArguments}.
 *
 * @param learningRate peak learning rate; -1 ({@link #AUTO}) takes one that fits the width of the encoder
 * @param numTrainEpochs passes over the training data; fractions are allowed
 * @param perDeviceTrainBatchSize examples per step; -1 ({@link #AUTO}) measures which is fastest
 * @param perDeviceEvalBatchSize examples per evaluation batch; -1 ({@link #AUTO}) measures which is fastest
 * @param optim name of the optimizer: {@code adamw_torch_fused} or another of {@link OptimizerKind}
 * @param optimArgs what only that optimizer takes, such as {@code momentum=0.9,nesterov=true}
 * @param weightDecay weight decay, decoupled in AdamW, Lion and Adafactor, added to the gradient in the others; biases and
 *     layer norms have none
 * @param adamBeta1 decay of the first moment of AdamW, Adam and Lion
 * @param adamBeta2 decay of the second moment of AdamW and Adam, of the momentum of Lion
 * @param adamEpsilon added to the denominator of AdamW and Adam
 * @param maxGradNorm global norm to which gradients are clipped; 0 clips nothing
 * @param lrSchedulerType {@code linear} or another of {@link SchedulerKind}
 * @param lrSchedulerKwargs what only that schedule takes, such as {@code num_cycles=3}
 * @param warmupRatio share of the steps over which the learning rate rises from 0
 * @param warmupSteps steps over which it rises, which then win over {@code warmupRatio}; 0 leaves it to that, and a number
 *     below 1 is a share, as in transformers
 * @param layerwiseLrDecay what the learning rate is multiplied with for each layer further away from the head, in (0, 1]; 1
 *     gives all layers the same
 * @param headLearningRate peak learning rate of the head; 0 takes {@code learningRate}
 * @param freezeLayers what keeps its pretrained weights: {@code none}, {@code embeddings}, a number of blocks with the
 *     embeddings before them, or {@code all} but the head
 * @param unfreezeLayersPerEpoch 0 trains all layers from the start; otherwise the first epoch trains the head alone and each
 *     further one so many more blocks, from the last, as in ULMFiT
 * @param labelSmoothingFactor in [0, 1): share of the target that is spread over all labels
 * @param classWeights {@code none} or {@code balanced} (inversely proportional to how often a class occurs)
 * @param groupByLength whether batches hold texts of like length, which saves padding
 * @param precision {@code auto} (bf16 where the processor computes it natively), {@code fp32} or {@code bf16}
 * @param metricForBestModel name in the report by which the best checkpoint is chosen; null means macro-F1
 * @param loggingSteps steps between two lines of progress
 * @param threads threads of the engine; 0 takes all processors
 * @param seed seed of initialisation, order and dropout
 * @param gradientAccumulationSteps batches whose gradients one step adds up, which trains as one batch of all of them
 * @param maxSteps steps in all, whatever {@code numTrainEpochs} says; -1 ({@link #UNLIMITED}) leaves it to that
 * @param maxTime longest training, such as {@code 10m} or {@code 1h30m}; null sets no limit
 * @param evalStrategy when to measure on the validation data: each {@code epoch}, every so many {@code steps}, or at the end
 *     alone ({@code no})
 * @param evalSteps steps between measurements if {@code evalStrategy} is {@code steps}; 0 means {@value #STEPS}
 * @param saveStrategy when to write a checkpoint: each {@code epoch}, every so many {@code steps}, whenever the score is
 *     the {@code best} so far, or never ({@code no}), so that an interrupted run cannot be resumed
 * @param saveSteps steps between checkpoints if {@code saveStrategy} is {@code steps}; 0 means {@value #STEPS}
 * @param saveTotalLimit newest checkpoints that are kept; 0 keeps all
 * @param loggingStrategy when the mean training loss is computed anew: every {@code loggingSteps} {@code steps}, each
 *     {@code epoch}, or at the ends alone ({@code no})
 * @param earlyStoppingPatience measurements in a row without a gain after which the run ends; 0 never ends it
 * @param earlyStoppingThreshold by how much a score has to be better than the best before it to count as a gain
 * @param maxSkippedSteps steps in a row that are skipped since their loss or gradient is not finite; one more ends the run
 * @param autoBatchSeconds about how long to measure where a batch size is {@link #AUTO}
 * @param maxTokensPerBatch most tokens of a training batch, padding included, instead of a number of examples; 0 counts
 *     examples
 * @param gradientCheckpointing whether blocks are computed again in the backward pass instead of remembered: one more forward
 *     pass, far less memory, the same bits
 * @param loss {@code cross_entropy} or {@code focal}, which gives less weight to what the model already knows
 * @param focalGamma how much less, if {@code loss} is {@code focal}; 0 is cross entropy
 * @param rDropAlpha weight of R-Drop: how much two passes with different dropout are drawn to the same answer; 0 makes one pass
 * @param mixout probability with which a weight of the encoder is replaced by the pretrained one in a step, in [0, 1)
 * @param emaDecay decay of the moving average of the weights that is measured and saved, in [0, 1); 0 keeps none
 * @param swaStart share of the steps after which the weights are averaged, to be measured and saved, in [0, 1); 0 never is
 * @param swaSteps steps between two weights that are averaged; 0 takes those at the end of each epoch
 * @param profileSteps steps whose operations are timed, for a trace and a table of where their time goes; 0 times none
 * @param profileSkipSteps steps before them, so that they are not the first ones, which are slower
 * @param profileMaxEvents most spans and operations in the trace; the table counts all
 */
public record TrainingArguments(
        double learningRate,
        double numTrainEpochs,
        int perDeviceTrainBatchSize,
        int perDeviceEvalBatchSize,
        String optim,
        NamedValues optimArgs,
        double weightDecay,
        double adamBeta1,
        double adamBeta2,
        double adamEpsilon,
        double maxGradNorm,
        String lrSchedulerType,
        NamedValues lrSchedulerKwargs,
        double warmupRatio,
        double warmupSteps,
        double layerwiseLrDecay,
        double headLearningRate,
        String freezeLayers,
        int unfreezeLayersPerEpoch,
        double labelSmoothingFactor,
        String classWeights,
        boolean groupByLength,
        String precision,
        @Nullable String metricForBestModel,
        int loggingSteps,
        int threads,
        long seed,
        int gradientAccumulationSteps,
        int maxSteps,
        @Nullable String maxTime,
        String evalStrategy,
        int evalSteps,
        String saveStrategy,
        int saveSteps,
        int saveTotalLimit,
        String loggingStrategy,
        int earlyStoppingPatience,
        double earlyStoppingThreshold,
        int maxSkippedSteps,
        double autoBatchSeconds,
        int maxTokensPerBatch,
        boolean gradientCheckpointing,
        String loss,
        double focalGamma,
        double rDropAlpha,
        double mixout,
        double emaDecay,
        double swaStart,
        int swaSteps,
        int profileSteps,
        int profileSkipSteps,
        int profileMaxEvents) {
    /** No limit on the steps but the epochs. */
    public static final int UNLIMITED = -1;

    /** Steps between two measurements or checkpoints where nobody says how many. */
    public static final int STEPS = 500;

    /** A learning rate that a run replaces by one that fits its encoder, or a batch size that it measures. */
    public static final int AUTO = -1;

    /** Examples of a training batch where nobody says how many. */
    public static final int TRAIN_BATCH_SIZE = 32;

    /** Lin et al. found it to work best. */
    public static final double FOCAL_GAMMA = 2;

    /** Steps that are profiled where somebody wants that and does not say how many. */
    public static final int PROFILE_STEPS = 10;

    static final int PROFILE_SKIP_STEPS = 5;

    static final int PROFILE_MAX_EVENTS = 200_000;

    static final double DEFAULT_WARMUP_RATIO = 0.1;

    /** Settings that fine-tune small encoders well on a few thousand texts. */
    public static TrainingArguments defaults() {
        return new TrainingArguments(
                AUTO,
                3,
                TRAIN_BATCH_SIZE,
                64,
                "adamw_torch_fused",
                NamedValues.NONE,
                0.01,
                0.9,
                0.999,
                1e-8,
                1.0,
                "linear",
                NamedValues.NONE,
                DEFAULT_WARMUP_RATIO,
                0,
                1,
                0,
                "none",
                0,
                0,
                "none",
                true,
                "auto",
                null,
                10,
                0,
                42,
                1,
                UNLIMITED,
                null,
                "epoch",
                0,
                "epoch",
                0,
                2,
                "steps",
                0,
                0,
                5,
                10,
                0,
                false,
                "cross_entropy",
                FOCAL_GAMMA,
                0,
                0,
                0,
                0,
                0,
                0,
                PROFILE_SKIP_STEPS,
                PROFILE_MAX_EVENTS);
    }

    public TrainingArguments {
        if (learningRate != AUTO) {
            Check.range("training.learning_rate", learningRate, 0, 10);
        }
        Check.range("training.num_train_epochs", numTrainEpochs, 0.001, 100_000);
        checkBatchSize("training.per_device_train_batch_size", perDeviceTrainBatchSize);
        checkBatchSize("training.per_device_eval_batch_size", perDeviceEvalBatchSize);
        Check.range("training.weight_decay", weightDecay, 0, 10);
        Check.range("training.adam_beta1", adamBeta1, 0, 0.999999);
        Check.range("training.adam_beta2", adamBeta2, 0, 0.999999);
        Check.range("training.adam_epsilon", adamEpsilon, 1e-16, 1);
        Check.range("training.max_grad_norm", maxGradNorm, 0, 1e9);
        Check.range("training.warmup_ratio", warmupRatio, 0, 1);
        Check.range("training.warmup_steps", warmupSteps, 0, 1e12);
        Check.range("training.layerwise_lr_decay", layerwiseLrDecay, 0.01, 1);
        Check.range("training.head_learning_rate", headLearningRate, 0, 10);
        Check.range("training.unfreeze_layers_per_epoch", unfreezeLayersPerEpoch, 0, 1000);
        Check.range("training.label_smoothing_factor", labelSmoothingFactor, 0, 0.999);
        Check.oneOf("training.class_weights", classWeights, "none", "balanced");
        Check.oneOf("training.precision", precision, "auto", "fp32", "bf16");
        Check.range("training.logging_steps", loggingSteps, 1, Integer.MAX_VALUE);
        Check.range("training.threads", threads, 0, 1024);
        optimArgs = Objects.requireNonNullElse(optimArgs, NamedValues.NONE); // null in a run file
        lrSchedulerKwargs = Objects.requireNonNullElse(lrSchedulerKwargs, NamedValues.NONE);
        OptimizerKind.of(optim);
        SchedulerKind.of(lrSchedulerType);
        if (!List.of("none", "embeddings", "all").contains(freezeLayers) && !freezeLayers.matches("[0-9]{1,4}")) {
            throw new UserError("training.freeze_layers is '" + freezeLayers
                    + "', expected none, embeddings, all or a number of blocks");
        }
        Check.range("training.gradient_accumulation_steps", gradientAccumulationSteps, 1, 65_536);
        if (maxSteps != UNLIMITED) {
            Check.range("training.max_steps", maxSteps, 1, Integer.MAX_VALUE);
        }
        if (maxTime != null) {
            Durations.parse("training.max_time", maxTime);
        }
        Check.oneOf("training.eval_strategy", evalStrategy, "epoch", "steps", "no");
        Check.oneOf("training.save_strategy", saveStrategy, "epoch", "steps", "best", "no");
        Check.oneOf("training.logging_strategy", loggingStrategy, "steps", "epoch", "no");
        Check.range("training.eval_steps", evalSteps, 0, Integer.MAX_VALUE);
        Check.range("training.save_steps", saveSteps, 0, Integer.MAX_VALUE);
        Check.range("training.save_total_limit", saveTotalLimit, 0, 1_000_000);
        Check.range("training.early_stopping_patience", earlyStoppingPatience, 0, 1_000_000);
        Check.range("training.early_stopping_threshold", earlyStoppingThreshold, 0, 1e9);
        Check.range("training.max_skipped_steps", maxSkippedSteps, 0, 1_000_000);
        Check.range("training.auto_batch_seconds", autoBatchSeconds, 0.1, 3600);
        Check.range("training.max_tokens_per_batch", maxTokensPerBatch, 0, 1 << 26);
        Check.oneOf("training.loss", loss, "cross_entropy", "focal");
        Check.range("training.focal_gamma", focalGamma, 0, 10);
        Check.range("training.r_drop_alpha", rDropAlpha, 0, 100);
        Check.range("training.mixout", mixout, 0, 0.99);
        Check.range("training.ema_decay", emaDecay, 0, 0.999999);
        Check.range("training.swa_start", swaStart, 0, 0.999);
        Check.range("training.swa_steps", swaSteps, 0, Integer.MAX_VALUE);
        Check.range("training.profile_steps", profileSteps, 0, 100_000);
        Check.range("training.profile_skip_steps", profileSkipSteps, 0, Integer.MAX_VALUE);
        Check.range("training.profile_max_events", profileMaxEvents, 1000, 10_000_000);
    }

    private static void checkBatchSize(String setting, int found) {
        if (found != AUTO) {
            Check.range(setting, found, 1, 65_536);
        }
    }

    /** Whether a batch size is still to be measured. */
    public boolean measuresBatchSize() {
        return perDeviceTrainBatchSize == AUTO || perDeviceEvalBatchSize == AUTO;
    }

    /** The longest training; null if there is no limit. */
    public @Nullable Duration timeLimit() {
        return maxTime == null ? null : Durations.parse("training.max_time", maxTime);
    }

    /**
     * Refuses settings that contradict one another. It is not part of making the record, since settings may be given one after
     * the other.
     *
     * @throws UserError which names both
     */
    public void refuseContradictions() {
        optimizerKind().check(optim, optimArgs, learningRate);
        schedulerKind().check(lrSchedulerKwargs, warmupSteps, learningRate);
        Contradictions.refuse(this);
    }

    /** The optimizer that {@link #optim} names. */
    public OptimizerKind optimizerKind() {
        return OptimizerKind.of(optim);
    }

    /** The schedule that {@link #lrSchedulerType} names. */
    public SchedulerKind schedulerKind() {
        return SchedulerKind.of(lrSchedulerType);
    }

    /** Steps over which the learning rate rises, of a run of so many. */
    public long warmupSteps(long steps) {
        return warmupSteps >= 1
                ? (long) warmupSteps
                : (long) Math.ceil((warmupSteps > 0 ? warmupSteps : warmupRatio) * steps);
    }
}
