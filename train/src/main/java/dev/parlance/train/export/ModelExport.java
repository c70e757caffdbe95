package dev.parlance.train.export;

import dev.parlance.bundle.BundleWriter;
import dev.parlance.bundle.ModelBundle;
import dev.parlance.config.UserError;
import dev.parlance.data.Example;
import dev.parlance.tokenize.Encoding;
import dev.parlance.train.hub.ModelStore;
import dev.parlance.train.tensor.Torch;
import dev.parlance.train.weights.Safetensors;
import dev.parlance.train.weights.ShardIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Writes a model's directory once more in another form: with a graph for ONNX Runtime, in 32 or 8 bits, or as a Hugging Face
 * directory without additions. What is written is complete and checked, or not there.
 */
public final class ModelExport {
    private static final int PARITY_TEXTS = 24;

    private final ExportRequest request;
    private final Path directory;
    private final Consumer<String> progress;

    private ModelExport(ExportRequest request, Path directory, Consumer<String> progress) {
        this.request = request;
        this.directory = directory;
        this.progress = progress;
    }

    /**
     * Exports a model.
     *
     * @param store finds models by name
     * @param progress hears what is being done, in short lines
     * @throws UserError if the model cannot be exported, the target is refused, or 8 bits lose too much
     * @throws IllegalStateException if the graph does not compute what the layers do
     */
    public static ExportResult run(ExportRequest request, ModelStore store, Consumer<String> progress) {
        refuseOtherModels(request.model());
        Path directory = store.resolve(request.model());
        BundleWriter.check(request.target(), request.overwrite());
        ModelExport export = new ModelExport(request, directory, progress);
        return request.format() == ExportRequest.Format.ONNX ? export.onnx() : export.huggingFace();
    }

    /** What has no layers to trace is told so before its files are looked for. */
    private static void refuseOtherModels(String model) {
        if (!ExportRequest.mayBeDirectory(model)
                || !Files.isRegularFile(Path.of(model).resolve(ModelBundle.CONFIG))) {
            return;
        }
        ModelBundle bundle = ModelBundle.open(Path.of(model));
        if (bundle.isLinear()) {
            throw new UserError(model + " is a linear model, whose model.onnx is all that there is to run it; copy the"
                    + " directory in place of exporting it");
        }
        if (bundle.isEnsemble()) {
            throw new UserError(model + " consists of several models; export those in "
                    + Path.of(model).resolve("members") + " one by one");
        }
        if (bundle.quantization().isPresent()) {
            throw new UserError(model + " is in 8 bits already; export the model that it was made of");
        }
    }

    private ExportResult huggingFace() {
        List<String> files = new ArrayList<>(ModelBundle.huggingFaceFiles());
        Path index = directory.resolve(Safetensors.INDEX);
        if (Files.isRegularFile(directory.resolve(Safetensors.FILE))) {
            files.add(Safetensors.FILE);
        } else {
            files.add(Safetensors.INDEX);
            files.addAll(ShardIndex.read(index).fileNames());
        }
        ModelBundle written =
                BundleWriter.derive(directory, request.target(), request.overwrite(), files, temporary -> {});
        return new ExportResult(written.directory(), 0, 0, null);
    }

    private ExportResult onnx() {
        List<String> files = new ArrayList<>(ModelBundle.huggingFaceFiles());
        files.addAll(ModelBundle.recordFiles());
        Torch.initialize(Runtime.getRuntime().availableProcessors(), false);
        progress.accept("loading " + directory);
        try (ExportSource source = ExportSource.open(directory)) {
            ExportTexts texts = ExportTexts.read(source.bundle(), request.data(), request.reading());
            ExportResult[] result = new ExportResult[1];
            ModelBundle written = BundleWriter.derive(
                    directory,
                    request.target(),
                    request.overwrite(),
                    files,
                    temporary -> result[0] = fill(temporary, source, texts));
            return new ExportResult(
                    written.directory(), result[0].graphBytes(), result[0].difference(), result[0].receipt());
        }
    }

    private ExportResult fill(Path temporary, ExportSource source, ExportTexts texts) throws IOException {
        Path graph = temporary.resolve(ModelBundle.ONNX);
        progress.accept("tracing");
        source.write(GraphForm.of(request.opset(), request.optimize()), graph);
        List<Example> examples = texts.measured();
        List<Encoding> encodings =
                source.tokenizer().encodeAll(examples.subList(0, Math.min(PARITY_TEXTS, examples.size())));
        double difference = OnnxParity.check(
                graph, source.model(), encodings, source.tokenizer().padTokenId());
        QuantizationReceipt receipt = null;
        if (request.quantization() != null) {
            Quantization quantization =
                    new Quantization(source, texts, request.opset(), request.quantization(), progress);
            receipt = quantization.run(temporary);
        }
        Path name = request.target().toAbsolutePath().normalize().getFileName();
        ExportedCard.update(temporary, String.valueOf(name), receipt);
        return new ExportResult(temporary, Files.size(graph), difference, receipt);
    }
}
