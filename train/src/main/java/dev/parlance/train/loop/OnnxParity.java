package dev.parlance.train.loop;

import dev.parlance.data.Example;
import dev.parlance.predict.OnnxModel;
import dev.parlance.task.Logits;
import dev.parlance.tokenize.Batch;
import dev.parlance.tokenize.Encoding;
import dev.parlance.tokenize.Tokenizer;
import dev.parlance.train.head.SequenceClassifier;
import java.nio.file.Path;
import java.util.List;

/** Compares an exported graph with the layers that it was traced from, on real texts and at other shapes. */
final class OnnxParity {
    private static final double MAX_DIFFERENCE = 1e-4;
    private static final int TEXTS = 24;

    private OnnxParity() {}

    /**
     * Runs a single text, a few and many through both.
     *
     * @throws IllegalStateException if a logit differs by more than {@value #MAX_DIFFERENCE}
     */
    static void check(Path onnx, SequenceClassifier layers, List<Example> examples, Tokenizer tokenizer) {
        List<Encoding> encodings = tokenizer.encodeAll(examples.subList(0, Math.min(TEXTS, examples.size())));
        TorchModel torch = new TorchModel(layers, false);
        torch.beginEvaluation();
        try (OnnxModel model = OnnxModel.load(onnx)) {
            for (int size : new int[] {1, Math.min(3, encodings.size()), encodings.size()}) {
                Batch batch = Batch.of(encodings.subList(0, size), tokenizer.padTokenId());
                compare(torch.forward(batch), model.forward(batch), batch);
            }
        }
    }

    private static void compare(Logits expected, Logits actual, Batch batch) {
        double worst = 0;
        for (int i = 0; i < expected.values().length; i++) {
            worst = Math.max(worst, Math.abs(expected.values()[i] - actual.values()[i]));
        }
        if (!(worst <= MAX_DIFFERENCE)) {
            throw new IllegalStateException("model.onnx differs from the trained layers by " + worst + " at shape ["
                    + batch.size() + ", " + batch.sequenceLength() + "], expected at most " + MAX_DIFFERENCE);
        }
    }
}
