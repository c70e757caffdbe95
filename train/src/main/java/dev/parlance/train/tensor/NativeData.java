package dev.parlance.train.tensor;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/**
 * Copies between Java arrays and native memory. The binding checks neither lengths nor strides (reading past the end
 * passes silently), so this class does.
 */
final class NativeData {
    private NativeData() {}

    static Tensor fromFloats(float[] data, long... shape) {
        org.bytedeco.pytorch.Tensor raw = allocate(Dtype.FLOAT32, data.length, shape);
        try (FloatPointer memory = raw.data_ptr_float()) {
            memory.put(data);
        }
        return new Tensor(raw);
    }

    static Tensor fromLongs(long[] data, long... shape) {
        org.bytedeco.pytorch.Tensor raw = allocate(Dtype.INT64, data.length, shape);
        try (LongPointer memory = raw.data_ptr_long()) {
            memory.put(data);
        }
        return new Tensor(raw);
    }

    static Tensor fromBytes(byte[] data, Dtype dtype, long... shape) {
        if (dtype.bytes() != 1) {
            throw new IllegalArgumentException(
                    dtype + " has more than one byte an element; expected INT8, UINT8 or BOOL");
        }
        Tensor tensor = new Tensor(allocate(dtype, data.length, shape));
        bytes(tensor).put(data);
        return tensor;
    }

    static Tensor empty(Dtype dtype, long... shape) {
        return new Tensor(allocate(dtype, product(shape), shape));
    }

    static float[] toFloats(Tensor tensor) {
        try (TensorScope scope = TensorScope.open()) {
            org.bytedeco.pytorch.Tensor plain = plain(tensor, Dtype.FLOAT32);
            float[] data = new float[Math.toIntExact(plain.numel())];
            plain.data_ptr_float().get(data);
            return data;
        }
    }

    static long[] toLongs(Tensor tensor) {
        if (tensor.dtype() != Dtype.INT64) {
            throw new TensorException("toLongs(" + tensor.describe() + "): expected INT64");
        }
        try (TensorScope scope = TensorScope.open()) {
            org.bytedeco.pytorch.Tensor plain = plain(tensor, Dtype.INT64);
            long[] data = new long[Math.toIntExact(plain.numel())];
            plain.data_ptr_long().get(data);
            return data;
        }
    }

    static FloatBuffer buffer(Tensor tensor) {
        if (tensor.dtype() != Dtype.FLOAT32 || !tensor.raw.is_contiguous()) {
            throw new TensorException(
                    "withBuffer(" + tensor.describe() + "): expected FLOAT32 in row-major (contiguous) memory");
        }
        return bytes(tensor).asFloatBuffer();
    }

    /** The tensor's memory in native byte order; the tensor must be contiguous. */
    static ByteBuffer bytes(Tensor tensor) {
        long size = tensor.raw.nbytes();
        if (size > Integer.MAX_VALUE) {
            throw new TensorException("a tensor of " + size + " bytes is over the 2 GB limit of a Java buffer");
        }
        if (size == 0) {
            return ByteBuffer.allocate(0);
        }
        ByteBuffer view = tensor.raw.data_ptr().capacity(size).asByteBuffer();
        return view.order(java.nio.ByteOrder.nativeOrder());
    }

    private static org.bytedeco.pytorch.Tensor plain(Tensor tensor, Dtype dtype) {
        return NativeCall.call(
                "read", () -> tensor.raw.detach().to(dtype.scalarType).contiguous(), tensor);
    }

    private static org.bytedeco.pytorch.Tensor allocate(Dtype dtype, long length, long... shape) {
        Torch.load();
        if (product(shape) != length) {
            throw new IllegalArgumentException(
                    "shape " + Arrays.toString(shape) + " has " + product(shape) + " elements but the data " + length);
        }
        try (TensorOptions options = new TensorOptions(dtype.scalarType);
                MemoryFormatOptional format = new MemoryFormatOptional()) {
            return torch.empty(shape, options, format);
        }
    }

    static long product(long... shape) {
        long product = 1;
        for (long size : shape) {
            if (size < 0) {
                throw new IllegalArgumentException("shape " + Arrays.toString(shape) + " has a negative size");
            }
            product = Math.multiplyExact(product, size);
        }
        return product;
    }
}
