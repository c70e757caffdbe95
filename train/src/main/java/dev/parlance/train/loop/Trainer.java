package dev.parlance.train.loop;

import dev.parlance.config.TrainingArguments;
import dev.parlance.metric.Report;
import dev.parlance.train.encoder.Depths;
import dev.parlance.train.head.SequenceClassifier;
import dev.parlance.train.optim.Freezing;
import dev.parlance.train.optim.Optimizer;
import dev.parlance.train.optim.ParameterGroup;
import dev.parlance.train.optim.Schedule;
import dev.parlance.train.profile.Phase;
import dev.parlance.train.profile.Profiler;
import dev.parlance.train.profile.Span;
import dev.parlance.train.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The loop: batches, loss, gradients, clipping, optimizer; now and then a measurement, of which the best weights are kept,
 * and a checkpoint. Everything that it does next follows from {@link TrainerState}, the weights and the optimizer's moments.
 */
final class Trainer {
    private final Parts parts;
    private final SequenceClassifier model;
    private final TrainingArguments arguments;
    private final TrainingListener listener;
    private final BooleanSupplier stopRequested;
    private final Profiler profiler;
    private final StepCount steps;
    private final Schedule schedule;
    private final Depths depths;
    private final Freezing freezing;
    private final BestMetric metric;
    private final LossWindow losses;
    private final SkippedSteps skipped;
    private final EarlyStopping earlyStopping;
    private final TimeLimit timeLimit;
    private Position position = Position.START;
    private long measuredStep;
    private List<int[]> batches = List.of();
    private int batchesOfEpoch = -1;

    /** What the loop works with; all of it belongs to the caller. */
    record Parts(
            SequenceClassifier model,
            Features train,
            Evaluator evaluator,
            DataParallel dataParallel,
            Workers workers,
            Throughput throughput,
            Checkpointing checkpointing) {}

    /** How the loop ended; the model holds the best weights. */
    record Outcome(Report validation, long bestStep, long steps, Throughput throughput, Ending ending) {}

    Trainer(Parts parts, TrainingArguments arguments, TrainingListener listener, BooleanSupplier stopRequested) {
        this.parts = parts;
        this.model = parts.model();
        this.arguments = arguments;
        this.listener = listener;
        this.stopRequested = stopRequested;
        this.profiler = parts.workers().profiler();
        this.steps = StepCount.of(parts.train(), arguments);
        this.schedule = Schedule.of(arguments, steps.all());
        this.depths = Depths.of(model.encoder().config());
        this.freezing = Freezing.of(depths, arguments);
        this.metric = BestMetric.of(arguments);
        this.losses = new LossWindow(arguments);
        this.skipped = new SkippedSteps(arguments);
        this.earlyStopping = new EarlyStopping(arguments);
        this.timeLimit = new TimeLimit(arguments);
    }

    Outcome run() {
        try (Optimizer optimizer = optimizer();
                BestSoFar best = new BestSoFar(model.namedParameters());
                WeightAverage average = new WeightAverage(model.namedParameters(), arguments, steps.all())) {
            Checkpointing.Live live = new Checkpointing.Live(model, optimizer, best, average);
            parts.checkpointing().restore(live).ifPresent(this::restore);
            Ending ending = position.step() == 0 ? null : afterStep(live);
            while (ending == null) {
                step(live);
                ending = afterStep(live);
            }
            tell(ending);
            BestSoFar.Measurement kept = best.bringBack();
            return new Outcome(kept.report(), kept.step(), position.step(), parts.throughput(), ending);
        }
    }

    private Optimizer optimizer() {
        return Optimizer.of(
                ParameterGroup.of(model.namedParameters(), depths, arguments),
                arguments,
                parts.workers().count());
    }

    // --- one step ---------------------------------------------------------------------------------------------------

    private void step(Checkpointing.Live live) {
        long start = System.nanoTime();
        profiler.beginStep(position.step() + 1);
        List<int[]> next = nextBatches();
        double learningRate = arguments.learningRate() * schedule.factor(position.step());
        long seed = (arguments.seed() * 1_000_003 + position.step()) * arguments.gradientAccumulationSteps();
        double loss = parts.dataParallel().gradients(parts.train(), next, seed);
        double gradNorm = gradNorm(live.optimizer());
        position = position.after(next.size(), batches.size());
        boolean logged = false;
        if (skipped.skip(position.step(), loss, gradNorm)) {
            listener.onNotice(SkippedSteps.what(position.step(), loss, gradNorm) + "; the step is skipped");
        } else {
            update(live.optimizer(), learningRate, clipFactor(gradNorm));
            live.average().afterUpdate(position.step(), position.atEpochEnd(), parts.workers());
            logged = losses.add(loss, position.atEpochEnd(), position.step() == steps.all());
        }
        model.namedParameters().values().forEach(Tensor::clearGrad);
        double seconds = (System.nanoTime() - start) / 1e9;
        profiler.endStep(position.step(), seconds, tokens(next));
        for (int i = 0; i < next.size(); i++) {
            parts.throughput().add(next.get(i), parts.train(), seconds / next.size());
        }
        listener.onStep(progress(learningRate, gradNorm, logged));
    }

    private long tokens(List<int[]> texts) {
        return texts.stream()
                .flatMapToInt(Arrays::stream)
                .mapToLong(parts.train()::length)
                .sum();
    }

    /** The batches of the next step; their order, and which layers learn, follow from the seed and the epoch. */
    private List<int[]> nextBatches() {
        if (batchesOfEpoch != position.epoch()) {
            batches = EpochBatches.of(parts.train(), arguments, position.epoch());
            batchesOfEpoch = position.epoch();
            parts.dataParallel().freeze(name -> freezing.isFrozen(name, batchesOfEpoch));
        }
        // other data, which --resume-anyway accepts, may have fewer batches
        int from = Math.min(position.batch(), batches.size() - 1);
        return batches.subList(from, Math.min(batches.size(), from + arguments.gradientAccumulationSteps()));
    }

    private double gradNorm(Optimizer optimizer) {
        return Math.sqrt(parts.workers().onAll(Phase.CLIP, optimizer::squaredGradNorm).stream()
                .mapToDouble(Double::doubleValue)
                .sum());
    }

    private void update(Optimizer optimizer, double learningRate, double factor) {
        try (Span span = profiler.span(Phase.LISTENERS)) {
            listener.onGradients(position.step(), model.namedParameters());
        }
        optimizer.beginStep();
        parts.workers().onAll(Phase.OPTIMIZER, shard -> {
            optimizer.step(shard, learningRate, factor);
            return shard;
        });
    }

    /** As torch.nn.utils.clip_grad_norm_ has it. */
    private double clipFactor(double gradNorm) {
        return arguments.maxGradNorm() == 0 ? 1 : Math.min(1, arguments.maxGradNorm() / (gradNorm + 1e-6));
    }

    private TrainingListener.Step progress(double learningRate, double gradNorm, boolean logged) {
        double remainingExamples =
                (double) (steps.all() - position.step()) * parts.train().size() / steps.perEpoch();
        return new TrainingListener.Step(
                position.step(),
                steps.all(),
                epoch(),
                losses.shown(),
                learningRate,
                gradNorm,
                parts.throughput().recentExamplesPerSecond(),
                parts.throughput().recentTokensPerSecond(),
                parts.throughput().secondsFor(remainingExamples),
                logged);
    }

    private double epoch() {
        return (double) position.step() / steps.perEpoch();
    }

    // --- between steps ----------------------------------------------------------------------------------------------

    /**
     * Measures and saves what is due, and says whether to end. What is due follows from the state alone, so that a run that
     * was saved before its measurement makes it when it goes on. A stop that was asked for is saved first of all, since the
     * system may not grant the time for more; the measurement that follows then is no part of the run that goes on later.
     */
    private @Nullable Ending afterStep(Checkpointing.Live live) {
        Ending ending = ending();
        if (ending == Ending.REQUESTED) {
            save(live);
        }
        if (ending != null || isDue(arguments.evalStrategy(), arguments.evalSteps())) {
            measure(live);
        }
        if (ending == Ending.REQUESTED) {
            return ending;
        }
        if (ending == null && earlyStopping.exhausted()) {
            ending = Ending.NO_GAIN;
        }
        if (ending == null && stop()) {
            ending = Ending.REQUESTED;
        }
        if (ending == Ending.REQUESTED || saveIsDue(live.best())) {
            save(live);
        }
        return ending;
    }

    private @Nullable Ending ending() {
        if (position.step() >= steps.all()) {
            return Ending.FINISHED;
        }
        if (timeLimit.isOver()) {
            return Ending.TIME_OVER;
        }
        return stop() ? Ending.REQUESTED : null;
    }

    /** Asked after steps alone: one is always done, so that there is something to measure and to save. */
    private boolean stop() {
        return stopRequested.getAsBoolean();
    }

    private boolean isDue(String strategy, int everySteps) {
        return switch (strategy) {
            case "epoch" -> position.atEpochEnd();
            case "steps" -> position.step() % (everySteps == 0 ? TrainingArguments.STEPS : everySteps) == 0;
            default -> false;
        };
    }

    private boolean saveIsDue(BestSoFar best) {
        BestSoFar.Measurement last = best.measurement();
        return arguments.saveStrategy().equals("best")
                ? last != null && last.step() == position.step()
                : isDue(arguments.saveStrategy(), arguments.saveSteps());
    }

    /** With the averaged weights, if there are any: they are what is kept. */
    private void measure(Checkpointing.Live live) {
        if (measuredStep == position.step()) {
            return;
        }
        try (WeightAverage.Swap averaged = live.average().swapIn()) {
            measureWeights(live.best());
        }
    }

    private void measureWeights(BestSoFar best) {
        Evaluator.Result result = parts.evaluator().run();
        double value = metric.value(result.loss(), result.report());
        double score = metric.greaterIsBetter() ? value : -value;
        schedule.onEvaluation(value, metric.greaterIsBetter());
        earlyStopping.observe(score, best.score());
        boolean better = best.offer(new BestSoFar.Measurement(position.step(), score, result.report()));
        measuredStep = position.step();
        listener.onEvaluation(new TrainingListener.Evaluation(
                position.step(),
                epoch(),
                result.loss(),
                result.report(),
                metric.name(),
                better,
                result.probabilities()));
    }

    private void tell(Ending ending) {
        if (ending == Ending.NO_GAIN) {
            listener.onNotice("ending early: no gain in " + metric.name() + " over " + earlyStopping.withoutGain()
                    + " measurements in a row (training.early_stopping_patience)");
        } else if (ending == Ending.TIME_OVER) {
            listener.onNotice("ending after step " + position.step() + " of " + steps.all() + ": training.max_time "
                    + arguments.maxTime() + " is used up");
        }
    }

    // --- state ------------------------------------------------------------------------------------------------------

    private void save(Checkpointing.Live live) {
        BestSoFar.Measurement best = live.best().measurement();
        parts.checkpointing()
                .save(
                        new TrainerState(
                                position,
                                measuredStep,
                                losses.state(),
                                skipped.state(),
                                earlyStopping.withoutGain(),
                                schedule.state(),
                                best == null
                                        ? null
                                        : new TrainerState.Best(
                                                best.step(),
                                                best.score(),
                                                best.report().toJson()),
                                live.average().count(),
                                parts.throughput().totals(),
                                timeLimit.seconds()),
                        live);
    }

    private void restore(TrainerState state) {
        position = state.position();
        measuredStep = state.measuredStep();
        losses.restore(state.loss());
        skipped.restore(state.skipped());
        schedule.restore(state.scheduler());
        earlyStopping.restore(state.measurementsWithoutGain());
        parts.throughput().restore(state.throughput());
        timeLimit.restore(state.seconds());
    }
}
