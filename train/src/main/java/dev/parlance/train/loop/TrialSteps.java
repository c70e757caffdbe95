package dev.parlance.train.loop;

import dev.parlance.config.TrainingArguments;
import dev.parlance.train.encoder.Depths;
import dev.parlance.train.head.SequenceClassifier;
import dev.parlance.train.optim.Freezing;
import dev.parlance.train.optim.Optimizer;
import dev.parlance.train.optim.ParameterGroup;
import dev.parlance.train.profile.Phase;
import dev.parlance.train.tensor.Tensor;
import dev.parlance.train.tensor.Torch;

/** Training steps that are only timed: all is computed that a real step computes, but the weights stay as they are. */
final class TrialSteps implements AutoCloseable {
    /** When all layers are trained that ever are. */
    private static final int LATE_EPOCH = 1_000;

    private final SequenceClassifier model;
    private final TrainingArguments arguments;
    private final Workers workers;
    private final DataParallel parallel;
    private final Optimizer optimizer;

    /** @param arguments those of the run, with a batch size */
    TrialSteps(Prepared prepared, SequenceClassifier model, TrainingArguments arguments) {
        this.model = model;
        this.arguments = arguments;
        Parallelism parallelism = Parallelism.of(arguments);
        Torch.initialize(parallelism.threadsPerWorker(), false);
        Depths depths = Depths.of(prepared.encoder());
        workers = new Workers(parallelism.workers());
        parallel = new DataParallel(model, workers, arguments, Defaults.bf16(arguments.precision()), null);
        optimizer =
                Optimizer.of(ParameterGroup.of(model.namedParameters(), depths, arguments), arguments, workers.count());
        Freezing freezing = Freezing.of(depths, arguments);
        parallel.freeze(name -> freezing.isFrozen(name, LATE_EPOCH));
    }

    void run(Features features, int[] batch) {
        parallel.gradients(features, batch, arguments.seed());
        optimizer.beginStep();
        workers.onAll(Phase.OPTIMIZER, shard -> {
            optimizer.step(shard, 0, 1);
            return shard;
        });
        model.namedParameters().values().forEach(Tensor::clearGrad);
    }

    @Override
    public void close() {
        optimizer.close();
        parallel.close();
        workers.close();
    }
}
