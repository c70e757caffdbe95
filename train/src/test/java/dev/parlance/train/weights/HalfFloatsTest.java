package dev.parlance.train.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** All 65,536 values of each format, against two references. */
class HalfFloatsTest {
    @Test
    void every_float16_is_what_its_fields_say() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float found = HalfFloats.fromFloat16((short) bits);
            int exponent = (bits >> 10) & 31;
            double fraction = (bits & 1023) / 1024.0;
            double magnitude = exponent == 31
                    ? (fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN)
                    : exponent == 0 ? Math.scalb(fraction, -14) : Math.scalb(1 + fraction, exponent - 15);
            Double expected = bits >= 0x8000 ? -magnitude : magnitude;
            assertThat(Double.valueOf(found)).as("bits %04x", bits).isEqualTo(expected);
        }
    }

    @Test
    void every_bfloat16_is_the_upper_half_of_a_float() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float found = HalfFloats.fromBfloat16((short) bits);
            int exponent = (bits >> 7) & 255;
            double fraction = (bits & 127) / 128.0;
            double magnitude = exponent == 255
                    ? (fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN)
                    : exponent == 0 ? Math.scalb(fraction, -126) : Math.scalb(1 + fraction, exponent - 127);
            Double expected = bits >= 0x8000 ? -magnitude : magnitude;
            assertThat(Double.valueOf(found)).as("bits %04x", bits).isEqualTo(expected);
        }
    }

    // The sums are of numpy's view(float16).astype(float32), and of torch 2.15.0's view(bfloat16).float(), over
    // arange(65536), little-endian, with every NaN set to 7fc00000.
    @Test
    void agrees_with_numpy_and_torch_bit_by_bit() throws NoSuchAlgorithmException {
        assertThat(sha256(HalfFloats::fromFloat16))
                .isEqualTo("385ff5fe69182797cda5f1827e20cf423f4416bc9246f27d0eec27cac9039259");
        assertThat(sha256(HalfFloats::fromBfloat16))
                .isEqualTo("f12e27efe34841dfd6391497b86f389096b03a376586e1d9691bba0a8de3980a");
    }

    private static String sha256(Function<Short, Float> widen) throws NoSuchAlgorithmException {
        ByteBuffer bytes = ByteBuffer.allocate(4 << 16).order(ByteOrder.LITTLE_ENDIAN);
        for (int bits = 0; bits < 1 << 16; bits++) {
            bytes.putInt(Float.floatToIntBits(widen.apply((short) bits)));
        }
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
    }
}
