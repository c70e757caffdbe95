package dev.parlance.train.tensor;

import java.nio.IntBuffer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Dropout masks from a counter-based hash. torch.dropout draws its random numbers on one thread and costs more than the
 * matrix products around it; here element {@code i} is kept if hash(seed, i) is below a threshold, in plain integer
 * arithmetic that the JIT turns into vector instructions, and any number of threads gives the same mask.
 *
 * <p>The hash is the "lowbias32" mixer of Chris Wellons' hash prospector (public domain), over the element's index and
 * two words of the seed.
 */
final class DropoutMask {
    private static final int CHUNK = 4096;
    private static final int PARALLEL_FROM_CHUNKS = 64;

    /** 0 to CHUNK - 1: the JIT vectorizes arithmetic on array elements, but not on the loop's own counter. */
    private static final int[] INDEX = IntStream.range(0, CHUNK).toArray();

    private DropoutMask() {}

    static Tensor apply(Tensor x, double p, long seed) {
        if (!(p >= 0 && p < 1)) {
            throw new IllegalArgumentException("dropout probability is " + p + "; expected at least 0 and below 1");
        }
        if (p == 0) {
            return x;
        }
        Tensor mask = mask(x, p, seed);
        return Tensor.untraced("dropout", () -> x.raw.mul(mask.raw), x, mask);
    }

    private static Tensor mask(Tensor x, double p, long seed) {
        OpProfile profile = OpProfile.current();
        Supplier<Tensor> fill = () -> mask(x.dtype(), p, seed, x.rawShape());
        return profile == null ? fill.get() : profile.timed("dropoutMask", fill, x);
    }

    /** Elements 0 with probability p, else 1/(1-p). */
    static Tensor mask(Dtype dtype, double p, long seed, long... shape) {
        if (dtype != Dtype.FLOAT32 && dtype != Dtype.BFLOAT16) {
            throw new TensorException("dropout of " + dtype + ": expected FLOAT32 or BFLOAT16");
        }
        Tensor mask = NativeData.empty(dtype, shape);
        IntBuffer words = NativeData.bytes(mask).asIntBuffer();
        long seedHash = mix64(seed);
        int chunks = (words.capacity() + CHUNK - 1) / CHUNK;
        IntStream range = IntStream.range(0, chunks);
        (chunks >= PARALLEL_FROM_CHUNKS && Torch.threads() > 1 ? range.parallel() : range)
                .forEach(chunk -> fillChunk(words, chunk, dtype, p, seedHash));
        if (dtype == Dtype.BFLOAT16 && NativeData.product(shape) % 2 == 1) {
            fillLastBfloat(mask, words.capacity(), p, seedHash);
        }
        return mask;
    }

    private static void fillChunk(IntBuffer words, int chunk, Dtype dtype, double p, long seed) {
        int start = chunk * CHUNK;
        int count = Math.min(CHUNK, words.capacity() - start);
        int[] values = new int[count];
        hash(values, start, (int) seed, (int) (seed >>> 32));
        if (dtype == Dtype.FLOAT32) {
            toFloats(values, p);
        } else {
            toBfloats(values, p);
        }
        words.duplicate().position(start).put(values);
    }

    /** An odd number of bfloat16 ends in half a word. */
    private static void fillLastBfloat(Tensor mask, int index, double p, long seed) {
        int[] value = new int[1];
        hash(value, index, (int) seed, (int) (seed >>> 32));
        toBfloats(value, p);
        NativeData.bytes(mask).putShort(index * Integer.BYTES, (short) value[0]);
    }

    private static void hash(int[] values, int start, int low, int high) {
        for (int i = 0; i < values.length; i++) {
            int h = (INDEX[i] + start) ^ low;
            h ^= h >>> 16;
            h *= 0x21f0aaad;
            h += high;
            h ^= h >>> 15;
            h *= 0x735a2d97;
            h ^= h >>> 15;
            values[i] = h;
        }
    }

    /** Each word becomes the bits of 0f or of the scale. */
    private static void toFloats(int[] values, double p) {
        int threshold = (int) Math.round(p * 0x80000000L);
        int scale = Float.floatToRawIntBits((float) (1 / (1 - p)));
        for (int i = 0; i < values.length; i++) {
            int dropped = ((values[i] >>> 1) - threshold) >> 31; // all ones if below the threshold
            values[i] = ~dropped & scale;
        }
    }

    /** Each word becomes two bfloat16, from its two 16-bit halves. */
    private static void toBfloats(int[] values, double p) {
        int threshold = (int) Math.round(p * 0x10000);
        int scale = bf16Scale(p);
        int upperScale = scale << 16;
        for (int i = 0; i < values.length; i++) {
            int h = values[i];
            int lowDropped = ((h & 0xFFFF) - threshold) >> 31;
            int highDropped = ((h >>> 16) - threshold) >> 31;
            values[i] = (~lowDropped & scale) | (~highDropped & upperScale);
        }
    }

    private static int bf16Scale(double p) {
        int bits = Float.floatToRawIntBits((float) (1 / (1 - p)));
        return (bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16; // round to nearest even
    }

    private static long mix64(long z) {
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
