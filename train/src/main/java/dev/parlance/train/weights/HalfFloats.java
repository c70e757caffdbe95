package dev.parlance.train.weights;

/**
 * Widens 16-bit floats to 32 bits, exactly. Formats: IEEE 754-2008 binary16 (1 sign, 5 exponent, 10 fraction bits), and
 * bfloat16, which is the upper half of a binary32.
 */
final class HalfFloats {
    private HalfFloats() {}

    static float fromFloat16(short bits) {
        int sign = (bits & 0x8000) << 16;
        int exponent = (bits >>> 10) & 0x1f;
        int fraction = bits & 0x3ff;
        if (exponent == 0x1f) { // infinity, or a NaN that keeps its payload
            return Float.intBitsToFloat(sign | 0x7f80_0000 | fraction << 13);
        }
        if (exponent == 0) { // zero or subnormal: fraction * 2^-24
            return Float.intBitsToFloat(sign | Float.floatToRawIntBits(fraction * 0x1p-24f));
        }
        return Float.intBitsToFloat(sign | (exponent - 15 + 127) << 23 | fraction << 13);
    }

    static float fromBfloat16(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }
}
