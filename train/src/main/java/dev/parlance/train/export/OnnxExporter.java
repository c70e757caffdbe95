package dev.parlance.train.export;

import dev.parlance.train.encoder.EncoderConfig;
import dev.parlance.train.encoder.TransformerEncoder;
import dev.parlance.train.head.SequenceClassifier;
import dev.parlance.train.nn.Layer;
import dev.parlance.train.tensor.Graph;
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
        exportClassifier(model, GraphForm.of(Opset.DEFAULT, true), target);
    }

    /** As {@link #exportClassifier(SequenceClassifier, Path)}, in a form of choice. */
    static void exportClassifier(SequenceClassifier model, GraphForm form, Path target) throws IOException {
        EncoderConfig config = model.encoder().config();
        Outputs outputs = new Outputs("logits", "batch", Integer.toString(model.labels()));
        export(model, config, model::forward, outputs, form, target);
    }

    /**
     * Writes an encoder with the output {@code last_hidden_state}, float32 {@code [batch, sequence, hidden]}.
     *
     * @throws IOException if the disk fails
     * @throws dev.parlance.config.UserError if the model is over the 2 GiB that an ONNX file can hold
     */
    public static void exportEncoder(TransformerEncoder encoder, Path target) throws IOException {
        exportEncoder(encoder, GraphForm.of(Opset.DEFAULT, true), target);
    }

    /** As {@link #exportEncoder(TransformerEncoder, Path)}, in a form of choice. */
    static void exportEncoder(TransformerEncoder encoder, GraphForm form, Path target) throws IOException {
        EncoderConfig config = encoder.config();
        String hidden = Integer.toString(config.hiddenSize());
        Outputs outputs = new Outputs("last_hidden_state", "batch", "sequence", hidden);
        export(encoder, config, encoder::forward, outputs, form, target);
    }

    private record Outputs(String name, String... dims) {}

    private interface Forward {
        Tensor apply(Tensor inputIds, Tensor attentionMask, @Nullable Tensor tokenTypeIds);
    }

    private static void export(
            Layer model, EncoderConfig config, Forward forward, Outputs outputs, GraphForm form, Path target)
            throws IOException {
        boolean training = model.isTraining();
        model.train(false);
        try (TensorScope scope = TensorScope.open();
                Torch.Guard guard = Torch.noGrad()) {
            Graph graph = form.applyTo(trace(model, config, forward, outputs));
            OnnxWriter.write(graph, form.opset(), target);
        } finally {
            model.train(training);
        }
    }

    private static Graph trace(Layer model, EncoderConfig config, Forward forward, Outputs outputs) {
        try (GraphRecorder recorder = GraphRecorder.start()) {
            model.namedParameters().forEach(recorder::parameter);
            Tensor inputIds = input(recorder, "input_ids");
            Tensor attentionMask = input(recorder, "attention_mask");
            Tensor tokenTypeIds = config.takesTokenTypeIds() ? input(recorder, "token_type_ids") : null;
            recorder.output(outputs.name(), forward.apply(inputIds, attentionMask, tokenTypeIds), outputs.dims());
            return recorder.graph();
        }
    }

    private static Tensor input(GraphRecorder recorder, String name) {
        Tensor sample = Tensor.fromLongs(new long[SAMPLE_BATCH * SAMPLE_SEQUENCE], SAMPLE_BATCH, SAMPLE_SEQUENCE);
        recorder.input(name, sample, "batch", "sequence");
        return sample;
    }
}
