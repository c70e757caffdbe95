package dev.parlance.train.loop;

import dev.parlance.config.UserError;
import dev.parlance.metric.ClassificationMetrics;
import dev.parlance.metric.Report;
import dev.parlance.task.LabelTask;
import dev.parlance.task.Logits;
import dev.parlance.task.Softmax;
import dev.parlance.train.profile.Phase;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Measures a model on labelled examples, its batches spread over the workers. */
final class Evaluator {
    private final TorchModel model;
    private final Features features;
    private final LabelTask task;
    private final int batchSize;
    private final Workers workers;

    /** A mean loss, the scores that go with it, and the probabilities {@code [examples][labels]} that they come from. */
    record Result(double loss, Report report, double[][] probabilities) {}

    Evaluator(TorchModel model, Features features, LabelTask task, int batchSize, Workers workers) {
        this.model = model;
        this.features = features;
        this.task = task;
        this.batchSize = batchSize;
        this.workers = workers;
    }

    /**
     * Measures the model as it is.
     *
     * @throws UserError if its scores are no numbers
     */
    Result run() {
        double[][] probabilities = new double[features.size()][];
        List<int[]> batches = features.batchesByLength(batchSize);
        model.beginEvaluation();
        workers.onAll(Phase.EVALUATION, worker -> {
            for (int i = worker; i < batches.size(); i += workers.count()) {
                forward(batches.get(i), probabilities);
            }
            return worker;
        });
        if (Arrays.stream(probabilities).flatMapToDouble(Arrays::stream).anyMatch(Double::isNaN)) {
            throw new UserError(
                    "the model no longer gives scores that are numbers: training made its weights too large;"
                            + " lower training.learning_rate");
        }
        int[] gold = IntStream.range(0, features.size()).map(features::target).toArray();
        double loss = IntStream.range(0, gold.length)
                .mapToDouble(i -> -Math.log(Math.max(probabilities[i][gold[i]], Double.MIN_NORMAL)))
                .average()
                .orElse(0);
        return new Result(loss, ClassificationMetrics.report(task.labels(), gold, probabilities), probabilities);
    }

    private void forward(int[] batch, double[][] probabilities) {
        Logits logits = model.forward(features.batch(batch));
        for (int row = 0; row < batch.length; row++) {
            probabilities[batch[row]] = Softmax.of(logits.row(row));
        }
    }
}
