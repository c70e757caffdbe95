package dev.parlance.train.export;

import dev.parlance.predict.Model;
import dev.parlance.predict.OnnxModel;
import dev.parlance.task.Logits;
import dev.parlance.tokenize.Batch;
import dev.parlance.tokenize.Encoding;
import java.nio.file.Path;
import java.util.List;

/** Compares an exported graph with the layers that it was traced from, on real texts and at other shapes. */
public final class OnnxParity {
    private static final double MAX_DIFFERENCE = 1e-4;
    private static final int TEXTS = 24;

    private OnnxParity() {}

    /**
     * Runs a single text, a few and many through both.
     *
     * @param layers what the graph was traced from, without dropout
     * @param encodings of real texts, of which the first {@value #TEXTS} are taken
     * @return the largest difference of two numbers
     * @throws IllegalStateException if a number differs by more than {@value #MAX_DIFFERENCE}
     */
    public static double check(Path onnx, Model layers, List<Encoding> encodings, int padTokenId) {
        List<Encoding> taken = encodings.subList(0, Math.min(TEXTS, encodings.size()));
        double worst = 0;
        try (OnnxModel model = OnnxModel.load(onnx)) {
            for (int size : new int[] {1, Math.min(3, taken.size()), taken.size()}) {
                Batch batch = Batch.of(taken.subList(0, size), padTokenId);
                worst = Math.max(worst, compare(layers.forward(batch), model.forward(batch), batch));
            }
        }
        return worst;
    }

    private static double compare(Logits expected, Logits actual, Batch batch) {
        double worst = 0;
        for (int i = 0; i < expected.values().length; i++) {
            double difference = Math.abs(expected.values()[i] - actual.values()[i]);
            worst = Double.isNaN(difference) ? Double.NaN : Math.max(worst, difference);
        }
        if (!(worst <= MAX_DIFFERENCE)) {
            throw new IllegalStateException("model.onnx differs from the trained layers by " + worst + " at shape ["
                    + batch.size() + ", " + batch.sequenceLength() + "], expected at most " + MAX_DIFFERENCE);
        }
        return worst;
    }
}
