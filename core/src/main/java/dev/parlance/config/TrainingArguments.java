package dev.parlance.config;

import org.jspecify.annotations.Nullable;

/**
 * How to train. Names are those of Hugging Face's {@code TrainingArguments}.
 *
 * @param learningRate peak learning rate; -1 ({@link #AUTO}) takes one that fits the width of the encoder
 * @param numTrainEpochs passes over the training data; fractions are allowed
 * @param perDeviceTrainBatchSize examples per step
 * @param perDeviceEvalBatchSize examples per evaluation batch
 * @param weightDecay decoupled weight decay; biases and layer norms have none
 * @param adamBeta1 decay of AdamW's first moment
 * @param adamBeta2 decay of AdamW's second moment
 * @param adamEpsilon added to AdamW's denominator
 * @param maxGradNorm global norm to which gradients are clipped; 0 clips nothing
 * @param lrSchedulerType {@code linear} or {@code constant}, both after the warmup
 * @param warmupRatio share of the steps over which the learning rate rises from 0
 * @param labelSmoothingFactor in [0, 1): share of the target that is spread over all labels
 * @param classWeights {@code none} or {@code balanced} (inversely proportional to how often a class occurs)
 * @param groupByLength whether batches hold texts of like length, which saves padding
 * @param precision {@code auto} (bf16 where the processor computes it natively), {@code fp32} or {@code bf16}
 * @param metricForBestModel name in the report by which the best checkpoint is chosen; null means macro-F1
 * @param loggingSteps steps between two lines of progress
 * @param threads threads of the engine; 0 takes all processors
 * @param seed seed of initialisation, order and dropout
 */
public record TrainingArguments(
        double learningRate,
        double numTrainEpochs,
        int perDeviceTrainBatchSize,
        int perDeviceEvalBatchSize,
        double weightDecay,
        double adamBeta1,
        double adamBeta2,
        double adamEpsilon,
        double maxGradNorm,
        String lrSchedulerType,
        double warmupRatio,
        double labelSmoothingFactor,
        String classWeights,
        boolean groupByLength,
        String precision,
        @Nullable String metricForBestModel,
        int loggingSteps,
        int threads,
        long seed) {
    /** The learning rate that a run replaces by one that fits its encoder. */
    public static final double AUTO = -1;

    /** Settings that fine-tune small encoders well on a few thousand texts. */
    public static TrainingArguments defaults() {
        return new TrainingArguments(
                AUTO, 3, 32, 64, 0.01, 0.9, 0.999, 1e-8, 1.0, "linear", 0.1, 0, "none", true, "auto", null, 10, 0, 42);
    }

    public TrainingArguments {
        if (learningRate != AUTO) {
            Check.range("training.learning_rate", learningRate, 0, 10);
        }
        Check.range("training.num_train_epochs", numTrainEpochs, 0.001, 100_000);
        Check.range("training.per_device_train_batch_size", perDeviceTrainBatchSize, 1, 65_536);
        Check.range("training.per_device_eval_batch_size", perDeviceEvalBatchSize, 1, 65_536);
        Check.range("training.weight_decay", weightDecay, 0, 10);
        Check.range("training.adam_beta1", adamBeta1, 0, 0.999999);
        Check.range("training.adam_beta2", adamBeta2, 0, 0.999999);
        Check.range("training.adam_epsilon", adamEpsilon, 1e-16, 1);
        Check.range("training.max_grad_norm", maxGradNorm, 0, 1e9);
        Check.oneOf("training.lr_scheduler_type", lrSchedulerType, "linear", "constant");
        Check.range("training.warmup_ratio", warmupRatio, 0, 1);
        Check.range("training.label_smoothing_factor", labelSmoothingFactor, 0, 0.999);
        Check.oneOf("training.class_weights", classWeights, "none", "balanced");
        Check.oneOf("training.precision", precision, "auto", "fp32", "bf16");
        Check.range("training.logging_steps", loggingSteps, 1, Integer.MAX_VALUE);
        Check.range("training.threads", threads, 0, 1024);
    }
}
