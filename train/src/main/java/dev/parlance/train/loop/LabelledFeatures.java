package dev.parlance.train.loop;

import dev.parlance.data.Example;
import dev.parlance.linear.FeatureVector;
import dev.parlance.linear.Parallel;
import dev.parlance.linear.TfIdf;
import dev.parlance.metric.ClassificationMetrics;
import dev.parlance.task.LabelTask;
import dev.parlance.task.Softmax;
import dev.parlance.train.linear.LinearModel;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Examples as a linear model sees them.
 *
 * @param features of each
 * @param targets index of each one's label
 */
record LabelledFeatures(List<FeatureVector> features, int[] targets) {
    private static final int TASK = 64;

    static LabelledFeatures of(List<Example> examples, TfIdf tfIdf, LabelTask task, Parallel parallel) {
        int[] targets = examples.stream().mapToInt(task::target).toArray();
        return new LabelledFeatures(tfIdf.transformAll(examples, parallel), targets);
    }

    /** How much each example counts, by {@code training.class_weights}. */
    double[] sampleWeights(String classWeights, int labels) {
        int[] counts = new int[labels];
        for (int target : targets) {
            counts[target]++;
        }
        float[] byClass = ClassWeights.of(classWeights, counts);
        return IntStream.of(targets)
                .mapToDouble(target -> byClass == null ? 1 : byClass[target])
                .toArray();
    }

    /** The mean loss and the scores of a model. */
    Evaluator.Result score(LinearModel model, LabelTask task, Parallel parallel) {
        double[][] probabilities = new double[targets.length][];
        parallel.run((targets.length + TASK - 1) / TASK, part -> {
            for (int i = part * TASK; i < Math.min(targets.length, (part + 1) * TASK); i++) {
                probabilities[i] = Softmax.of(model.logits(features.get(i)));
            }
        });
        double loss = IntStream.range(0, targets.length)
                .mapToDouble(i -> -Math.log(Math.max(probabilities[i][targets[i]], Double.MIN_NORMAL)))
                .average()
                .orElse(0);
        return new Evaluator.Result(
                loss, ClassificationMetrics.report(task.labels(), targets, probabilities), probabilities);
    }
}
