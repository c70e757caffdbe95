package dev.parlance.train.loop;

import dev.parlance.config.TrainingArguments;
import dev.parlance.config.UserError;
import dev.parlance.metric.Report;
import dev.parlance.task.Task;
import dev.parlance.tokenize.Batch;
import dev.parlance.train.head.SequenceClassifier;
import dev.parlance.train.optim.AdamW;
import dev.parlance.train.optim.Schedule;
import dev.parlance.train.tensor.Tensor;
import dev.parlance.train.tensor.TensorScope;
import dev.parlance.train.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The loop: batches, loss, gradients, clipping, optimizer; after each epoch a measurement, of which the best weights are
 * kept. One thread makes all tensors.
 */
final class Trainer {
    private final SequenceClassifier model;
    private final Features train;
    private final Evaluator evaluator;
    private final TrainingArguments arguments;
    private final boolean bf16;
    private final TrainingListener listener;
    private final BooleanSupplier stopRequested;
    private final Throughput throughput;
    private final long stepsPerEpoch;
    private final long steps;
    private final float @Nullable [] classWeights;
    private long step;
    private double lossSum;
    private int lossCount;
    private double shownLoss = Double.NaN;
    private @Nullable Best best;

    /** The best measurement so far and the weights that it was made with. */
    private record Best(long step, double score, Report report, BestWeights weights) {}

    /** How the loop ended; the model holds the best weights. */
    record Outcome(Report validation, long bestStep, long steps, Throughput throughput) {}

    Trainer(
            SequenceClassifier model,
            Features train,
            Features validation,
            Task task,
            TrainingArguments arguments,
            boolean bf16,
            Throughput throughput,
            TrainingListener listener,
            BooleanSupplier stopRequested) {
        this.model = model;
        this.train = train;
        this.evaluator = new Evaluator(model, validation, task, arguments.perDeviceEvalBatchSize(), bf16);
        this.arguments = arguments;
        this.bf16 = bf16;
        this.listener = listener;
        this.stopRequested = stopRequested;
        this.throughput = throughput;
        this.stepsPerEpoch = stepsPerEpoch(train.size(), arguments);
        this.steps = steps(train.size(), arguments);
        this.classWeights = ClassWeights.of(
                arguments.classWeights(), train.counts(task.labels().size()));
    }

    static long steps(int examples, TrainingArguments arguments) {
        return Math.max(1, (long) Math.ceil(arguments.numTrainEpochs() * stepsPerEpoch(examples, arguments)));
    }

    private static long stepsPerEpoch(int examples, TrainingArguments arguments) {
        return (examples - 1L) / arguments.perDeviceTrainBatchSize() + 1;
    }

    Outcome run() {
        Schedule schedule =
                Schedule.of(arguments.lrSchedulerType(), steps, (long) Math.ceil(arguments.warmupRatio() * steps));
        try (AdamW optimizer = new AdamW(model.namedParameters(), arguments)) {
            for (int epoch = 0; step < steps && !stopRequested.getAsBoolean(); epoch++) {
                trainEpoch(epoch, optimizer, schedule);
                evaluate();
            }
        }
        Best kept = best;
        if (kept == null) {
            throw new UserError("training was stopped before its first step, nothing was saved");
        }
        kept.weights().restore();
        kept.weights().close();
        return new Outcome(kept.report(), kept.step(), step, throughput);
    }

    private void trainEpoch(int epoch, AdamW optimizer, Schedule schedule) {
        model.train(true);
        List<int[]> batches = LengthGroupedBatches.epoch(
                train.size(),
                train::length,
                arguments.perDeviceTrainBatchSize(),
                arguments.groupByLength(),
                new Random(arguments.seed() + epoch));
        for (int[] batch : batches) {
            if (step == steps || stopRequested.getAsBoolean()) {
                return;
            }
            double learningRate = arguments.learningRate() * schedule.factor(step);
            long start = System.nanoTime();
            double gradNorm = step(batch, optimizer, learningRate);
            throughput.add(batch, train, (System.nanoTime() - start) / 1e9);
            listener.onStep(progress(learningRate, gradNorm));
        }
    }

    private double step(int[] batch, AdamW optimizer, double learningRate) {
        model.seedDropout(31 * arguments.seed() + step);
        try (TensorScope scope = TensorScope.open()) {
            Tensor loss = loss(train.batch(batch), train.targets(batch));
            loss.backward();
            double value = loss.item();
            double gradNorm = Torch.clipGradNorm(parameters(), maxGradNorm());
            step++;
            if (!Double.isFinite(value) || !Double.isFinite(gradNorm)) {
                throw new UserError("the loss became " + value + " with a gradient norm of " + gradNorm + " at step "
                        + step + "; lower training.learning_rate (now " + arguments.learningRate() + ")");
            }
            optimizer.step(learningRate);
            addLoss(value);
            return gradNorm;
        }
    }

    private Tensor loss(Batch batch, long[] targets) {
        Tensor logits; // [batch, labels]
        if (bf16) {
            try (Torch.Guard autocast = Torch.autocastBf16()) {
                logits = model.forward(batch);
            }
        } else {
            logits = model.forward(batch);
        }
        Tensor labels = Tensor.fromLongs(targets, targets.length); // [batch]
        Tensor weights = classWeights == null ? null : Tensor.fromFloats(classWeights, classWeights.length); // [labels]
        return model.loss(logits, labels, arguments.labelSmoothingFactor(), weights); // []
    }

    private List<Tensor> parameters() {
        return new ArrayList<>(model.namedParameters().values());
    }

    private double maxGradNorm() {
        return arguments.maxGradNorm() == 0 ? Double.POSITIVE_INFINITY : arguments.maxGradNorm();
    }

    private void addLoss(double value) {
        lossSum += value;
        lossCount++;
        if (Double.isNaN(shownLoss) || lossCount == arguments.loggingSteps() || step == steps) {
            shownLoss = lossSum / lossCount;
            lossSum = 0;
            lossCount = 0;
        }
    }

    private TrainingListener.Step progress(double learningRate, double gradNorm) {
        double remainingExamples = (double) (steps - step) * arguments.perDeviceTrainBatchSize();
        return new TrainingListener.Step(
                step,
                steps,
                (double) step / stepsPerEpoch,
                shownLoss,
                learningRate,
                gradNorm,
                throughput.recentExamplesPerSecond(),
                throughput.recentTokensPerSecond(),
                throughput.secondsFor(remainingExamples));
    }

    private void evaluate() {
        if (step == 0 || (best != null && best.step() == step)) {
            return;
        }
        Evaluator.Result result = evaluator.run();
        String metric = arguments.metricForBestModel() == null ? "macro_f1" : arguments.metricForBestModel();
        double score = result.report().metric(metric) * (Report.greaterIsBetter(metric) ? 1 : -1);
        boolean better = best == null || score > best.score();
        if (better) {
            BestWeights weights = best == null ? new BestWeights(model.namedParameters()) : best.weights();
            weights.save();
            best = new Best(step, score, result.report(), weights);
        }
        listener.onEvaluation(new TrainingListener.Evaluation(
                step, (double) step / stepsPerEpoch, result.loss(), result.report(), metric, better));
    }
}
