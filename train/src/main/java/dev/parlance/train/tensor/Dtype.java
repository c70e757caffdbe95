package dev.parlance.train.tensor;

import org.bytedeco.pytorch.global.torch.ScalarType;

/** Element type of a tensor. The ONNX numbers are those of {@code TensorProto.DataType}. */
public enum Dtype {
    FLOAT32(ScalarType.Float, 4, 1),
    BFLOAT16(ScalarType.BFloat16, 2, 16),
    INT64(ScalarType.Long, 8, 7),
    INT32(ScalarType.Int, 4, 6),
    INT8(ScalarType.Char, 1, 3),
    UINT8(ScalarType.Byte, 1, 2),
    BOOL(ScalarType.Bool, 1, 9);

    final ScalarType scalarType;
    private final int bytes;
    private final int onnxCode;

    Dtype(ScalarType scalarType, int bytes, int onnxCode) {
        this.scalarType = scalarType;
        this.bytes = bytes;
        this.onnxCode = onnxCode;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    /** Number of this type in ONNX's {@code TensorProto.DataType}. */
    public int onnxCode() {
        return onnxCode;
    }

    static Dtype of(ScalarType type) {
        ScalarType known = type.intern();
        for (Dtype dtype : values()) {
            if (dtype.scalarType == known) {
                return dtype;
            }
        }
        throw new TensorException("element type " + type + " is not in use here; expected one of FLOAT32, BFLOAT16,"
                + " INT64, INT32, INT8, UINT8, BOOL");
    }
}
