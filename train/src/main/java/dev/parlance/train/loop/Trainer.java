package dev.parlance.train.loop;

import dev.parlance.config.TrainingArguments;
import dev.parlance.config.UserError;
import dev.parlance.metric.Report;
import dev.parlance.train.encoder.Depths;
import dev.parlance.train.head.SequenceClassifier;
import dev.parlance.train.optim.Freezing;
import dev.parlance.train.optim.Optimizer;
import dev.parlance.train.optim.ParameterGroup;
import dev.parlance.train.optim.Schedule;
import dev.parlance.train.tensor.Tensor;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The loop: batches, loss, gradients, clipping, optimizer; after each epoch a measurement, of which the best weights are
 * kept.
 */
final class Trainer {
    private final SequenceClassifier model;
    private final Features train;
    private final Evaluator evaluator;
    private final TrainingArguments arguments;
    private final Workers workers;
    private final DataParallel dataParallel;
    private final TrainingListener listener;
    private final BooleanSupplier stopRequested;
    private final Throughput throughput;
    private final long stepsPerEpoch;
    private final long steps;
    private final Schedule schedule;
    private final Depths depths;
    private final Freezing freezing;
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
            Evaluator evaluator,
            TrainingArguments arguments,
            DataParallel dataParallel,
            Workers workers,
            Throughput throughput,
            TrainingListener listener,
            BooleanSupplier stopRequested) {
        this.model = model;
        this.train = train;
        this.evaluator = evaluator;
        this.arguments = arguments;
        this.dataParallel = dataParallel;
        this.workers = workers;
        this.listener = listener;
        this.stopRequested = stopRequested;
        this.throughput = throughput;
        this.stepsPerEpoch = stepsPerEpoch(train.size(), arguments);
        this.steps = steps(train.size(), arguments);
        this.schedule = Schedule.of(arguments, steps);
        this.depths = Depths.of(model.encoder().config());
        this.freezing = Freezing.of(depths, arguments);
    }

    static long steps(int examples, TrainingArguments arguments) {
        return Math.max(1, (long) Math.ceil(arguments.numTrainEpochs() * stepsPerEpoch(examples, arguments)));
    }

    private static long stepsPerEpoch(int examples, TrainingArguments arguments) {
        return (examples - 1L) / arguments.perDeviceTrainBatchSize() + 1;
    }

    Outcome run() {
        try (Optimizer optimizer = optimizer()) {
            for (int epoch = 0; step < steps && !stop(); epoch++) {
                trainEpoch(epoch, optimizer);
                evaluate();
            }
            if (best == null) {
                throw new IllegalStateException("no step was done of " + steps);
            }
            best.weights().restore();
            return new Outcome(best.report(), best.step(), step, throughput);
        } finally {
            if (best != null) {
                best.weights().close();
            }
        }
    }

    private Optimizer optimizer() {
        return Optimizer.of(ParameterGroup.of(model.namedParameters(), depths, arguments), arguments, workers.count());
    }

    private void trainEpoch(int epoch, Optimizer optimizer) {
        dataParallel.freeze(name -> freezing.isFrozen(name, epoch));
        List<int[]> batches = LengthGroupedBatches.epoch(
                train.size(),
                train::length,
                arguments.perDeviceTrainBatchSize(),
                arguments.groupByLength(),
                new Random(arguments.seed() + epoch));
        for (int[] batch : batches) {
            if (step == steps || stop()) {
                return;
            }
            double learningRate = arguments.learningRate() * schedule.factor(step);
            long start = System.nanoTime();
            double gradNorm = step(batch, optimizer, learningRate);
            throughput.add(batch, train, (System.nanoTime() - start) / 1e9);
            listener.onStep(progress(learningRate, gradNorm));
        }
    }

    /** Whether to end early; one step is always done, so that there is something to measure and to save. */
    private boolean stop() {
        return step > 0 && stopRequested.getAsBoolean();
    }

    private double step(int[] batch, Optimizer optimizer, double learningRate) {
        double loss = dataParallel.gradients(train, batch, arguments.seed() * 1_000_003 + step);
        step++;
        double gradNorm = Math.sqrt(workers.onAll(optimizer::squaredGradNorm).stream()
                .mapToDouble(Double::doubleValue)
                .sum());
        if (!Double.isFinite(loss) || !Double.isFinite(gradNorm)) {
            throw new UserError("the loss became " + loss + " with a gradient norm of " + gradNorm + " at step " + step
                    + "; lower training.learning_rate (now " + arguments.learningRate() + ")");
        }
        double factor = clipFactor(gradNorm);
        optimizer.beginStep();
        workers.onAll(shard -> {
            optimizer.step(shard, learningRate, factor);
            return shard;
        });
        model.namedParameters().values().forEach(Tensor::clearGrad);
        addLoss(loss);
        return gradNorm;
    }

    /** As torch.nn.utils.clip_grad_norm_ has it. */
    private double clipFactor(double gradNorm) {
        return arguments.maxGradNorm() == 0 ? 1 : Math.min(1, arguments.maxGradNorm() / (gradNorm + 1e-6));
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
        String metric = Defaults.metric(arguments);
        schedule.onEvaluation(result.report().metric(metric), Report.greaterIsBetter(metric));
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
