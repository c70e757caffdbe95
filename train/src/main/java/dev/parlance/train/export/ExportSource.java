package dev.parlance.train.export;

import dev.parlance.bundle.ModelBundle;
import dev.parlance.config.UserError;
import dev.parlance.predict.Model;
import dev.parlance.task.Logits;
import dev.parlance.tokenize.Batch;
import dev.parlance.tokenize.Tokenizer;
import dev.parlance.train.encoder.EncoderConfig;
import dev.parlance.train.encoder.TransformerEncoder;
import dev.parlance.train.head.SequenceClassifier;
import dev.parlance.train.nn.Layer;
import dev.parlance.train.tensor.Tensor;
import dev.parlance.train.tensor.TensorScope;
import dev.parlance.train.tensor.Torch;
import dev.parlance.train.weights.Safetensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** A model that can be traced: its directory, its tokenizer and its layers, which compute in libtorch. */
final class ExportSource implements AutoCloseable {
    private final ModelBundle bundle;
    private final Tokenizer tokenizer;
    private final Layer layers;
    private final Function<Batch, Tensor> forward;
    private final GraphWriter writer;

    /** Writes the graph of the layers. */
    private interface GraphWriter {
        void write(GraphForm form, Path file) throws IOException;
    }

    private ExportSource(
            ModelBundle bundle,
            Tokenizer tokenizer,
            Layer layers,
            Function<Batch, Tensor> forward,
            GraphWriter writer) {
        this.bundle = bundle;
        this.tokenizer = tokenizer;
        this.layers = layers;
        this.forward = forward;
        this.writer = writer;
    }

    /**
     * Loads a classifier, or an encoder that is no classifier.
     *
     * @throws UserError if its files are missing, do not fit each other, or are of a model that cannot be traced
     */
    static ExportSource open(Path directory) {
        ModelBundle bundle = ModelBundle.open(directory);
        EncoderConfig config = EncoderConfig.read(directory.resolve(ModelBundle.CONFIG));
        Tokenizer tokenizer = Tokenizer.load(directory, Math.min(bundle.maxLength(), config.maxTokens()));
        try (Safetensors weights = Safetensors.openModel(directory)) {
            return bundle.labels().isEmpty()
                    ? encoder(bundle, tokenizer, TransformerEncoder.load(config, weights, directory.toString()))
                    : classifier(bundle, tokenizer, classifier(bundle, config, weights));
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    private static ExportSource encoder(ModelBundle bundle, Tokenizer tokenizer, TransformerEncoder encoder) {
        Function<Batch, Tensor> forward = batch ->
                encoder.forward(tensor(batch.inputIds()), tensor(batch.attentionMask()), tensor(batch.tokenTypeIds()));
        return new ExportSource(
                bundle, tokenizer, encoder, forward, (form, file) -> OnnxExporter.exportEncoder(encoder, form, file));
    }

    private static ExportSource classifier(ModelBundle bundle, Tokenizer tokenizer, SequenceClassifier classifier) {
        return new ExportSource(
                bundle,
                tokenizer,
                classifier,
                classifier::forward,
                (form, file) -> OnnxExporter.exportClassifier(classifier, form, file));
    }

    private static SequenceClassifier classifier(ModelBundle bundle, EncoderConfig config, Safetensors weights) {
        Path directory = bundle.directory();
        SequenceClassifier.Loaded loaded =
                SequenceClassifier.load(config, bundle.labels().size(), weights, directory.toString(), false, 0);
        List<String> made = loaded.report().initialized();
        if (!made.isEmpty()) {
            loaded.model().close();
            throw new UserError(directory + " has no weights for " + String.join(", ", made)
                    + ", expected a trained classifier; train one with parlance train --model " + directory);
        }
        return loaded.model();
    }

    ModelBundle bundle() {
        return bundle;
    }

    Tokenizer tokenizer() {
        return tokenizer;
    }

    /** The layers, in evaluation mode. */
    Layer layers() {
        return layers;
    }

    /** Writes the traced graph. */
    void write(GraphForm form, Path file) throws IOException {
        writer.write(form, file);
    }

    /** The layers as a model, to compare with; its closing leaves them open. */
    Model model() {
        return new Model() {
            @Override
            public Logits forward(Batch batch) {
                try (TensorScope scope = TensorScope.open();
                        Torch.Guard noGrad = Torch.noGrad()) {
                    Tensor result = forward.apply(batch); // [batch, labels] or [batch, seq, hidden]
                    int[] shape = Arrays.stream(result.shape())
                            .mapToInt(Math::toIntExact)
                            .toArray();
                    return new Logits(result.toFloats(), shape);
                }
            }

            @Override
            public void close() {
                // the layers belong to the source
            }
        };
    }

    private static Tensor tensor(long[][] rows) {
        long[] flat = Arrays.stream(rows).flatMapToLong(Arrays::stream).toArray();
        return Tensor.fromLongs(flat, rows.length, rows[0].length);
    }

    @Override
    public void close() {
        layers.close();
        tokenizer.close();
    }
}
