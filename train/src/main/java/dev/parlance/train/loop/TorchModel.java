package dev.parlance.train.loop;

import dev.parlance.predict.Model;
import dev.parlance.task.Logits;
import dev.parlance.tokenize.Batch;
import dev.parlance.train.head.SequenceClassifier;
import dev.parlance.train.tensor.Tensor;
import dev.parlance.train.tensor.TensorScope;
import dev.parlance.train.tensor.Torch;

/** A model that runs in libtorch, without dropout and gradients. Does not own the layers. Several threads may run it at once. */
final class TorchModel implements Model {
    private final SequenceClassifier layers;
    private final boolean bf16;

    TorchModel(SequenceClassifier layers, boolean bf16) {
        this.layers = layers;
        this.bf16 = bf16;
    }

    /** Switches dropout off; to be called before {@link #forward} wherever training may have gone on in between. */
    void beginEvaluation() {
        layers.train(false);
    }

    @Override
    public Logits forward(Batch batch) {
        try (TensorScope scope = TensorScope.open();
                Torch.Guard noGrad = Torch.noGrad()) {
            Tensor logits = bf16 ? autocast(batch) : layers.forward(batch); // [batch, labels]
            float[] values = logits.toFloats();
            return new Logits(values, batch.size(), values.length / batch.size());
        }
    }

    private Tensor autocast(Batch batch) {
        try (Torch.Guard guard = Torch.autocastBf16()) {
            return layers.forward(batch);
        }
    }

    @Override
    public void close() {
        // the layers belong to whoever made them
    }
}
