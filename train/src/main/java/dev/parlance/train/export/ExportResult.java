package dev.parlance.train.export;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What an export made.
 *
 * @param directory the new directory
 * @param graphBytes size of model.onnx, 0 if there is none
 * @param difference the largest of a number of the 32-bit graph from the layers it was traced from, 0 if there is no graph
 * @param receipt what rounding to 8 bits costs and brings; null in 32 bits
 */
public record ExportResult(
        Path directory,
        long graphBytes,
        double difference,
        @Nullable QuantizationReceipt receipt) {}
