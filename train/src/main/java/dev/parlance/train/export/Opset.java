package dev.parlance.train.export;

import dev.parlance.config.UserError;

/**
 * A version of ONNX's operators.
 *
 * @param version from {@value #OLDEST} to {@value #NEWEST}
 */
public record Opset(int version) {
    /** Older ones lack operators of the traced forward. */
    public static final int OLDEST = 14;
    /** The newest that is tested. */
    public static final int NEWEST = 21;
    /** The oldest with LayerNormalization, and what is written unless told otherwise. */
    public static final Opset DEFAULT = new Opset(17);

    private static final int FIRST_WITH_LAYER_NORM = 17;

    public Opset {
        if (version < OLDEST || version > NEWEST) {
            throw new UserError("opset is " + version + ", expected " + OLDEST + " to " + NEWEST + "; leave it out for "
                    + FIRST_WITH_LAYER_NORM);
        }
    }

    /** The version of the file format that came with these operators: https://onnx.ai/onnx/repo-docs/Versioning.html. */
    int irVersion() {
        if (version >= 21) {
            return 10;
        }
        if (version >= 19) {
            return 9;
        }
        return version >= 15 ? 8 : 7;
    }

    boolean hasLayerNorm() {
        return version >= FIRST_WITH_LAYER_NORM;
    }
}
