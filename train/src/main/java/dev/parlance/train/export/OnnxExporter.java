package dev.parlance.train.export;

import dev.parlance.train.encoder.EncoderConfig;
import dev.parlance.train.encoder.TransformerEncoder;
import dev.parlance.train.head.SequenceClassifier;
import dev.parlance.train.nn.Layer;
import dev.parlance.train.tensor.GraphRecorder;
import dev.parlance.train.tensor.Tensor;
import dev.parlance.train.tensor.TensorScope;
import dev.parlance.train.tensor.Torch;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Writes a model as ONNX by running its forward once and recording the operations. Batch and sequence length stay
 * dynamic. Inputs are int64 {@code input_ids}, {@code attention_mask} and, where the model tells two texts apart,
 * {@code token_type_ids}, each {@code [batch, sequence]}.
 *
 * <p>The file is complete or absent. Check it against the model on real texts before relying on it.
 */
public final class OnnxExporter {
    private static final int SAMPLE_BATCH = 2;
    private static final int SAMPLE_SEQUENCE = 3;

    private OnnxExporter() {}

    /**
     * Writes a classifier with the output {@code logits}, float32 {@code [batch, labels]}.
     *
     * @throws IOException if the disk fails
     * @throws dev.parlance.config.UserError if the model is over the 2 GiB that an ONNX file can hold
     */
    public static void exportClassifier(SequenceClassifier model, Path target) throws IOException {
        EncoderConfig config = model.encoder().config();
        export(model, config, model::forward, target, "logits", "batch", Integer.toString(model.labels()));
    }

    /**
     * Writes an encoder with the output {@code last_hidden_state}, float32 {@code [batch, sequence, hidden]}.
     *
     * @throws IOException if the disk fails
     * @throws dev.parlance.config.UserError if the model is over the 2 GiB that an ONNX file can hold
     */
    public static void exportEncoder(TransformerEncoder encoder, Path target) throws IOException {
        EncoderConfig config = encoder.config();
        String hidden = Integer.toString(config.hiddenSize());
        export(encoder, config, encoder::forward, target, "last_hidden_state", "batch", "sequence", hidden);
    }

    private interface Forward {
        Tensor apply(Tensor inputIds, Tensor attentionMask, @Nullable Tensor tokenTypeIds);
    }

    private static void export(
            Layer model, EncoderConfig config, Forward forward, Path target, String output, String... dims)
            throws IOException {
        boolean training = model.isTraining();
        model.train(false);
        try (TensorScope scope = TensorScope.open();
                Torch.Guard guard = Torch.noGrad();
                GraphRecorder recorder = GraphRecorder.start()) {
            model.namedParameters().forEach(recorder::parameter);
            Tensor inputIds = input(recorder, "input_ids");
            Tensor attentionMask = input(recorder, "attention_mask");
            Tensor tokenTypeIds = config.takesTokenTypeIds() ? input(recorder, "token_type_ids") : null;
            recorder.output(output, forward.apply(inputIds, attentionMask, tokenTypeIds), dims);
            OnnxWriter.write(recorder.graph(), target);
        } finally {
            model.train(training);
        }
    }

    private static Tensor input(GraphRecorder recorder, String name) {
        Tensor sample = Tensor.fromLongs(new long[SAMPLE_BATCH * SAMPLE_SEQUENCE], SAMPLE_BATCH, SAMPLE_SEQUENCE);
        recorder.input(name, sample, "batch", "sequence");
        return sample;
    }
}
