package dev.parlance.train.export;

import dev.parlance.config.DataConfig;
import dev.parlance.config.UserError;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What is to be exported, and how.
 *
 * @param model a directory, a built-in name or {@code hf:owner/name}
 * @param format what is written
 * @param output the new directory; null for one beside the model, or in the working directory for a name
 * @param overwrite whether a model that is there may be replaced
 * @param opset version of ONNX's operators
 * @param optimize whether operators that only ONNX Runtime has may stand in the graph, which then runs faster
 * @param quantization how the graph is made to compute in 8 bits; null leaves it in 32
 * @param data labelled texts to check and measure on; null for those of the run that made the model
 * @param reading how {@code data} is read
 */
public record ExportRequest(
        String model,
        Format format,
        @Nullable Path output,
        boolean overwrite,
        Opset opset,
        boolean optimize,
        @Nullable QuantizationOptions quantization,
        @Nullable Path data,
        DataConfig reading) {
    /** What can be written. */
    public enum Format {
        /** A directory with {@code model.onnx}, as {@code predict}, {@code evaluate} and {@code serve} take it. */
        ONNX,
        /** A Hugging Face directory without what Parlance adds to it. */
        HUGGINGFACE;

        /** The format of this name. */
        public static Format ofName(String name) {
            for (Format format : values()) {
                if (format.name().equalsIgnoreCase(name)) {
                    return format;
                }
            }
            throw new UserError("format is '" + name + "', expected onnx or huggingface");
        }
    }

    public ExportRequest {
        if (format == Format.HUGGINGFACE && quantization != null) {
            throw new UserError("8 bits are for the format onnx, expected --format onnx with --int8");
        }
        if (quantization != null && !optimize) {
            throw new UserError(
                    "8 bits need operators that only ONNX Runtime has, expected no --no-optimize with --int8");
        }
    }

    /** The directory that the model's name may be; a Hub's name is none. */
    public static boolean mayBeDirectory(String model) {
        return !model.startsWith("hf:");
    }

    /** Where the result goes. */
    Path target() {
        if (output != null) {
            return output;
        }
        String suffix = quantization != null ? "-int8" : format == Format.ONNX ? "-onnx" : "-hf";
        String name =
                mayBeDirectory(model) ? model : model.replaceAll("@.*", "").replaceAll(".*[:/]", "");
        Path path = Path.of(name);
        Path last = path.toAbsolutePath().normalize().getFileName();
        return path.resolveSibling((last == null ? "model" : last.toString()) + suffix);
    }
}
