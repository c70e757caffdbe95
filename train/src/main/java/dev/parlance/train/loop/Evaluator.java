package dev.parlance.train.loop;

import dev.parlance.metric.ClassificationMetrics;
import dev.parlance.metric.Report;
import dev.parlance.task.Logits;
import dev.parlance.task.Softmax;
import dev.parlance.task.Task;
import dev.parlance.train.head.SequenceClassifier;

/** Measures a model on labelled examples. */
final class Evaluator {
    private final TorchModel model;
    private final Features features;
    private final Task task;
    private final int batchSize;

    /** A mean loss and the scores that go with it. */
    record Result(double loss, Report report) {}

    Evaluator(SequenceClassifier layers, Features features, Task task, int batchSize, boolean bf16) {
        this.model = new TorchModel(layers, bf16);
        this.features = features;
        this.task = task;
        this.batchSize = batchSize;
    }

    Result run() {
        double[][] probabilities = new double[features.size()][];
        int[] gold = new int[features.size()];
        double loss = 0;
        for (int[] batch : features.batchesByLength(batchSize)) {
            Logits logits = model.forward(features.batch(batch));
            for (int row = 0; row < batch.length; row++) {
                int index = batch[row];
                gold[index] = features.target(index);
                probabilities[index] = Softmax.of(logits.row(row));
                loss -= Math.log(Math.max(probabilities[index][gold[index]], Double.MIN_NORMAL));
            }
        }
        return new Result(
                loss / Math.max(1, features.size()), ClassificationMetrics.report(task.labels(), gold, probabilities));
    }
}
