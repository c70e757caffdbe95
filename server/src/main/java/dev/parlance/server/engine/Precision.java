package dev.parlance.server.engine;

import dev.parlance.bundle.ModelBundle;
import java.nio.file.Files;

/** The numbers that a model computes with. */
final class Precision {
    /** What an export to int8 leaves beside the graph. */
    private static final String RECEIPT = "quantization.json";

    private Precision() {}

    /** {@code int8} if the graph has been quantized, else {@code float32}. */
    static String of(ModelBundle bundle) {
        return Files.isRegularFile(bundle.directory().resolve(RECEIPT)) ? "int8" : "float32";
    }
}
