package dev.parlance.train.loop;

import dev.parlance.config.TrainingArguments;
import dev.parlance.tokenize.Batch;
import dev.parlance.train.head.RecomputedPass;
import dev.parlance.train.head.SequenceClassifier;
import dev.parlance.train.tensor.Tensor;
import dev.parlance.train.tensor.Torch;
import java.util.ArrayList;
import java.util.List;

/** One or more passes over the same texts, each with dropout of its own, remembered or to be computed again. */
final class TrainingPasses implements AutoCloseable {
    private final List<Tensor> logits = new ArrayList<>();
    private final List<RecomputedPass> recomputed = new ArrayList<>();

    private TrainingPasses() {}

    /** Runs the passes forward, within the step's scope. */
    static TrainingPasses forward(
            SequenceClassifier model, Batch batch, int count, TrainingArguments arguments, boolean bf16) {
        TrainingPasses passes = new TrainingPasses();
        try {
            for (int i = 0; i < count; i++) {
                passes.logits.add(
                        arguments.gradientCheckpointing()
                                ? passes.recomputed(model, batch, bf16)
                                : remembered(model, batch, bf16));
            }
            return passes;
        } catch (RuntimeException e) {
            passes.close();
            throw e;
        }
    }

    private Tensor recomputed(SequenceClassifier model, Batch batch, boolean bf16) {
        RecomputedPass pass = new RecomputedPass(model, batch, bf16);
        recomputed.add(pass);
        return pass.forward();
    }

    private static Tensor remembered(SequenceClassifier model, Batch batch, boolean bf16) {
        try (Torch.Guard precision = Torch.autocast(bf16)) {
            return model.forward(batch);
        }
    }

    /** The scores {@code [batch, labels]} of each pass. */
    List<Tensor> logits() {
        return logits;
    }

    /** Backpropagates a loss of the scores to the weights. */
    void backward(Tensor loss) {
        loss.backward();
        recomputed.forEach(RecomputedPass::backward);
    }

    @Override
    public void close() {
        recomputed.forEach(RecomputedPass::close);
    }
}
