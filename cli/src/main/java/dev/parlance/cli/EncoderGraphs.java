package dev.parlance.cli;

import dev.parlance.bundle.ModelBundle;
import dev.parlance.config.CacheDirectory;
import dev.parlance.config.DataConfig;
import dev.parlance.config.UserError;
import dev.parlance.train.export.ExportRequest;
import dev.parlance.train.export.ModelExport;
import dev.parlance.train.export.Opset;
import dev.parlance.train.hub.ModelStore;
import dev.parlance.train.weights.Safetensors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Graphs of models that come as weights alone, such as the built-in encoders: exported once into {@code served/} of the cache,
 * under a name that changes with the weights and with Parlance.
 */
final class EncoderGraphs {
    private EncoderGraphs() {}

    /** The directory of the exported model; {@code model} is a directory, a built-in name or {@code hf:owner/name}. */
    static Path resolve(String model, Console console, Consumer<String> progress) {
        ModelStore store = ModelsCommand.store(console);
        Path source = store.resolve(model).toAbsolutePath().normalize();
        if (Files.isRegularFile(source.resolve(ModelBundle.ONNX))) {
            return source;
        }
        Path target = CacheDirectory.path().resolve("served").resolve(source.getFileName() + "-" + identity(source));
        if (!Files.isRegularFile(target.resolve(ModelBundle.ONNX))) {
            progress.accept(model + " has no graph yet: writing one to " + target);
            ModelExport.run(
                    new ExportRequest(
                            source.toString(),
                            ExportRequest.Format.ONNX,
                            target,
                            true, // another server may write the same meanwhile
                            Opset.DEFAULT,
                            true,
                            null,
                            null,
                            DataConfig.defaults()),
                    store,
                    line -> {});
        }
        return target;
    }

    /** Changes when the weights are others, or when another Parlance would write another graph. */
    private static String identity(Path source) {
        StringBuilder of =
                new StringBuilder(source + "\n" + Main.class.getPackage().getImplementationVersion());
        for (String name : List.of(ModelBundle.CONFIG, ModelBundle.WEIGHTS, Safetensors.INDEX)) {
            Path file = source.resolve(name);
            if (Files.isRegularFile(file)) {
                of.append('\n').append(name).append(' ').append(stamp(file));
            }
        }
        return UUID.nameUUIDFromBytes(of.toString().getBytes(StandardCharsets.UTF_8))
                .toString()
                .substring(0, 8);
    }

    private static String stamp(Path file) {
        try {
            return Files.size(file) + " " + Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UserError(file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
