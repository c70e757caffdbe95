package dev.parlance.train.loop;

import dev.parlance.linear.FeatureBatch;
import dev.parlance.linear.FeatureVector;
import dev.parlance.predict.OnnxModel;
import dev.parlance.predict.OnnxOptions;
import dev.parlance.task.Logits;
import dev.parlance.train.linear.LinearModel;
import java.nio.file.Path;
import java.util.List;

/** Compares the graph of a linear model with the weights that it was written from, on real texts and at several shapes. */
final class LinearParity {
    private static final double MAX_DIFFERENCE = 1e-4;
    private static final int TEXTS = 24;

    private LinearParity() {}

    /**
     * Runs a text without features, a single one, a few and many through both.
     *
     * @throws IllegalStateException if a logit differs by more than {@value #MAX_DIFFERENCE} of the largest, or of 1
     */
    static void check(Path onnx, LinearModel model, List<FeatureVector> texts) {
        try (OnnxModel graph = OnnxModel.loadLinear(onnx, OnnxOptions.defaults())) {
            compare(graph, model, List.of(new FeatureVector(new int[0], new float[0])));
            for (int size : new int[] {1, 3, TEXTS}) {
                compare(graph, model, texts.subList(0, Math.min(size, texts.size())));
            }
        }
    }

    private static void compare(OnnxModel graph, LinearModel model, List<FeatureVector> texts) {
        Logits actual = graph.forward(FeatureBatch.of(
                texts.stream().map(text -> text.withIntercept(model.features())).toList()));
        for (int i = 0; i < texts.size(); i++) {
            float[] expected = model.logits(texts.get(i));
            float[] found = actual.row(i);
            double scale = 1;
            double worst = 0;
            for (int k = 0; k < expected.length; k++) {
                scale = Math.max(scale, Math.abs(expected[k]));
                worst = Math.max(worst, Math.abs((double) expected[k] - found[k]));
            }
            if (!(worst <= MAX_DIFFERENCE * scale)) {
                throw new IllegalStateException("model.onnx differs from the fitted weights by " + worst
                        + " on a batch of " + texts.size() + ", expected at most " + MAX_DIFFERENCE * scale);
            }
        }
    }
}
