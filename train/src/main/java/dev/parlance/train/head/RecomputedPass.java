package dev.parlance.train.head;

import dev.parlance.tokenize.Batch;
import dev.parlance.train.encoder.Segment;
import dev.parlance.train.tensor.Tensor;
import dev.parlance.train.tensor.TensorScope;
import dev.parlance.train.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A training pass that remembers only what goes into each block and computes the rest again, block by block, when its
 * gradients are due (Chen et al. 2016, Training Deep Nets with Sublinear Memory Cost). Dropout masks follow from seeds, so
 * that they are the same again, and so are the gradients.
 *
 * <pre>{@code
 * try (RecomputedPass pass = new RecomputedPass(model, batch, false)) {
 *     loss(pass.forward()).backward(); // reaches the head
 *     pass.backward(); // and the encoder
 * }
 * }</pre>
 */
public final class RecomputedPass implements AutoCloseable {
    private final SequenceClassifier model;
    private final List<Segment> segments;
    private final Tensor inputIds;
    private final boolean bf16;
    private final List<Long> seeds = new ArrayList<>();
    private final List<Tensor> outputs = new ArrayList<>();

    /** A pass over a batch, in bfloat16 where that is wanted; to be made within the step's scope. */
    public RecomputedPass(SequenceClassifier model, Batch batch, boolean bf16) {
        this.model = model;
        this.inputIds = SequenceClassifier.tensor(batch.inputIds());
        this.segments = model.segments(batch);
        this.bf16 = bf16;
    }

    /** Scores of every label {@code [batch, labels]}, whose gradients reach the head. */
    public Tensor forward() {
        Tensor x = inputIds;
        try (Torch.Guard noGrad = Torch.noGrad()) {
            for (Segment segment : segments) {
                seeds.add(model.dropoutState());
                x = remembered(segment, x);
                outputs.add(x);
            }
        }
        try (Torch.Guard precision = Torch.autocast(bf16)) {
            return model.head(x.requiresGrad(true));
        }
    }

    private Tensor remembered(Segment segment, Tensor x) {
        try (TensorScope scope = TensorScope.open();
                Torch.Guard precision = Torch.autocast(bf16)) {
            return TensorScope.retain(segment.forward().apply(x));
        }
    }

    /** Carries on where the backward pass of the head ended; segments below all trained parameters are left out. */
    public void backward() {
        int lowest = lowestTrained();
        for (int i = segments.size() - 1; i >= lowest; i--) {
            Tensor input = i == 0 ? inputIds : outputs.get(i - 1);
            if (i > lowest) {
                input.requiresGrad(true);
            }
            try (TensorScope scope = TensorScope.open()) {
                Tensor gradient = Objects.requireNonNull(outputs.get(i).grad(), "no gradient reached the encoder");
                again(i, input).backward(gradient);
            }
            outputs.get(i).close();
        }
    }

    /** Runs a segment with its dropout on a view of its input: of a leaf itself, autocast would share casts among its uses. */
    private Tensor again(int segment, Tensor input) {
        model.seedDropout(seeds.get(segment));
        Tensor x = segment == 0 ? input : input.reshape(Tensor.KEEP, Tensor.KEEP, Tensor.KEEP); // [batch, seq, hidden]
        try (Torch.Guard precision = Torch.autocast(bf16)) {
            return segments.get(segment).forward().apply(x);
        }
    }

    private int lowestTrained() {
        for (int i = 0; i < segments.size(); i++) {
            if (segments.get(i).parameters().stream().anyMatch(Tensor::requiresGrad)) {
                return i;
            }
        }
        return segments.size();
    }

    /** Frees what was remembered. */
    @Override
    public void close() {
        outputs.forEach(Tensor::close);
    }
}
