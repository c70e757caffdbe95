package dev.parlance.train.loop;

import dev.parlance.config.OptimizerKind;
import dev.parlance.config.RunConfig;
import dev.parlance.config.TrainingArguments;
import dev.parlance.config.UserError;
import dev.parlance.data.Splits;
import dev.parlance.metric.ClassificationMetrics;
import dev.parlance.task.LabelTask;
import dev.parlance.text.Language;
import dev.parlance.train.tensor.TorchInfo;
import java.nio.file.Path;
import java.util.Arrays;

/** Settings that depend on the data or on the machine. */
final class Defaults {
    /** The widest encoder that counts as small. */
    private static final int MAX_SMALL_HIDDEN_SIZE = 512;

    private Defaults() {}

    /** {@code output_dir: auto} becomes {@code models/} and the name of the training file without its endings. */
    static RunConfig withOutputDir(RunConfig config) {
        if (!config.outputDir().equals("auto")) {
            return config;
        }
        String train = config.data().train();
        if (train == null) {
            throw new UserError("data.train is not set, expected the file to train on");
        }
        String name = String.valueOf(Path.of(train).getFileName());
        int dot = name.indexOf('.', 1);
        return config.with("output_dir", "models/" + (dot < 0 ? name : name.substring(0, dot)));
    }

    /** {@code model_name_or_path: auto} becomes the built-in encoder for the language of the training data. */
    static RunConfig withModel(RunConfig config, Splits splits) {
        if (!config.model().modelNameOrPath().equals("auto")) {
            return config;
        }
        boolean chinese = Languages.of(splits.train().examples()).contains(Language.ZH);
        return config.with("model.model_name_or_path", chinese ? "bge-small-zh" : "minilm");
    }

    /**
     * {@code learning_rate: -1} becomes one for the encoder and the optimizer: wider encoders take smaller steps, and what a
     * learning rate means differs between optimizers.
     */
    static RunConfig withLearningRate(RunConfig config, int hiddenSize) {
        if (config.training().learningRate() != TrainingArguments.AUTO) {
            return config;
        }
        TrainingArguments arguments = config.training();
        boolean keeps =
                hiddenSize <= MAX_SMALL_HIDDEN_SIZE || arguments.optimizerKind().isRelativeStep(arguments.optimArgs());
        double rate = learningRate(arguments);
        return config.with("training.learning_rate", keeps ? rate : rate / 2);
    }

    /** A peak learning rate for small encoders. */
    private static double learningRate(TrainingArguments arguments) {
        OptimizerKind kind = arguments.optimizerKind();
        return switch (kind) {
            case ADAMW, ADAM, RMSPROP -> 1e-4;
            case LION -> 2e-5;
            case SGD, MOMENTUM, NESTEROV -> kind.momentum(arguments.optimArgs()) == 0 ? 0.1 : 0.01;
            case ADAGRAD -> 1e-3;
            case ADADELTA -> 1;
            case ADAFACTOR ->
                kind.isRelativeStep(arguments.optimArgs())
                        ? 1
                        : arguments.optimArgs().flag("scale_parameter", false) ? 1e-3 : 1e-4;
        };
    }

    /**
     * Asks a report of the task for the metric, so that nobody trains an epoch in vain.
     *
     * @throws UserError if it has no such metric
     */
    static void checkMetric(TrainingArguments arguments, LabelTask task) {
        double[] even = new double[task.labels().size()];
        Arrays.fill(even, 1.0 / even.length);
        BestMetric.of(arguments)
                .value(0, ClassificationMetrics.report(task.labels(), new int[1], new double[][] {even}));
    }

    /** Whether to compute in bf16; {@code auto} does so where the processor has instructions for it. */
    static boolean bf16(String precision) {
        return precision.equals("bf16") || (precision.equals("auto") && TorchInfo.hasBf16());
    }
}
