package dev.parlance.train.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.parlance.train.tensor.Tensor;
import dev.parlance.train.tensor.Torch;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each operator in 8 bits against the same arithmetic written out in Java. */
class QuantizedOperatorsTest {
    private static final int ROWS = 6;
    private static final int IN = 40;
    private static final int OUT = 9;
    private static final int LARGEST = 63;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @BeforeAll
    static void one_thread() {
        Torch.initialize(1, false);
    }

    @Test
    void projection_with_ranges_of_the_batch_is_integer_arithmetic() throws Exception {
        float[] x = random(1, ROWS * IN, 3);
        float min = 0;
        float max = 0;
        for (float value : x) {
            min = Math.min(min, value);
            max = Math.max(max, value);
        }
        compareProjection(x, new InputRange(min, max), Map.of());
    }

    @Test
    void projection_with_a_known_range_clips_what_is_outside() throws Exception {
        float[] x = random(2, ROWS * IN, 3);
        InputRange narrow = new InputRange(-1.5f, 2);
        compareProjection(x, narrow, Map.of("dense.weight", narrow));
    }

    @Test
    void a_layer_that_is_not_chosen_stays_as_it_is() throws Exception {
        Path file = directory.resolve("model.onnx");
        try (Tensor x = Tensor.fromFloats(random(3, ROWS * IN, 1), 2, 3, IN);
                Tensor weight = Tensor.fromFloats(random(4, OUT * IN, 1), OUT, IN)) {
            OnnxRun.rewritten(
                    file,
                    x,
                    Map.of("dense.weight", weight),
                    input -> input.linear(weight, null),
                    graph -> ProjectionQuantization.apply(graph, name -> false, Map.of(), LARGEST));
        }
        assertThat(OnnxRun.hasOperator(file, "MatMul")).isTrue();
        assertThat(OnnxRun.hasOperator(file, "MatMulIntegerToFloat")).isFalse();
    }

    private void compareProjection(float[] x, InputRange range, Map<String, InputRange> ranges) throws Exception {
        float[] weights = random(5, OUT * IN, 0.4);
        float[] bias = random(6, OUT, 1);
        Path file = directory.resolve("model.onnx");
        float[] found;
        try (Tensor input = Tensor.fromFloats(x, 2, 3, IN);
                Tensor weight = Tensor.fromFloats(weights, OUT, IN);
                Tensor shift = Tensor.fromFloats(bias, OUT)) {
            found = OnnxRun.rewritten(
                    file,
                    input,
                    Map.of("dense.weight", weight, "dense.bias", shift),
                    value -> value.linear(weight, shift),
                    graph -> ProjectionQuantization.apply(graph, "dense.weight"::equals, ranges, LARGEST));
        }
        assertThat(OnnxRun.hasOperator(file, "MatMulIntegerToFloat")).isTrue();
        assertThat(found).containsExactly(reference(x, weights, bias, range), offset(1e-4f));
    }

    private static float[] reference(float[] x, float[] weights, float[] bias, InputRange range) {
        float[] y = new float[ROWS * OUT];
        for (int row = 0; row < ROWS; row++) {
            for (int out = 0; out < OUT; out++) {
                float largest = 0;
                for (int i = 0; i < IN; i++) {
                    largest = Math.max(largest, Math.abs(weights[out * IN + i]));
                }
                float scale = largest / LARGEST;
                long sum = 0;
                for (int i = 0; i < IN; i++) {
                    long rounded = (long) Math.rint(x[row * IN + i] / range.scale()) + range.zeroPoint();
                    long byteOfX = Math.min(Math.max(rounded, 0), 255);
                    sum += (byteOfX - range.zeroPoint()) * (long) Math.rint(weights[out * IN + i] / scale);
                }
                y[row * OUT + out] = sum * range.scale() * scale + bias[out];
            }
        }
        return y;
    }

    @Test
    void rows_of_a_table_are_bytes_times_a_scale() throws Exception {
        float[] table = random(7, 50 * IN, 2);
        Path file = directory.resolve("model.onnx");
        float[] found;
        try (Tensor ids = Tensor.fromLongs(new long[] {3, 49, 0, 3}, 2, 2);
                Tensor weight = Tensor.fromFloats(table, 50, IN)) {
            found = OnnxRun.rewritten(
                    file,
                    ids,
                    Map.of("words.weight", weight),
                    value -> weight.embedding(value, -1),
                    graph -> TableQuantization.apply(graph, "words.weight"::equals));
        }
        int[] rows = {3, 49, 0, 3};
        for (int i = 0; i < rows.length; i++) {
            assertThat(slice(found, i)).containsExactly(rounded(slice(table, rows[i])), offset(1e-6f));
        }
    }

    @Test
    void first_rows_of_a_table_are_taken_as_many_as_the_input_has() throws Exception {
        float[] table = random(8, 50 * IN, 2);
        Path file = directory.resolve("model.onnx");
        float[] found;
        try (Tensor ids = Tensor.fromLongs(new long[6], 2, 3);
                Tensor weight = Tensor.fromFloats(table, 50, IN)) {
            found = OnnxRun.rewritten(
                    file,
                    ids,
                    Map.of("positions.weight", weight),
                    value -> weight.sliceLike(0, value, 1),
                    graph -> TableQuantization.apply(graph, "positions.weight"::equals));
        }
        assertThat(found).hasSize(3 * IN);
        assertThat(slice(found, 2)).containsExactly(rounded(slice(table, 2)), offset(1e-6f));
    }

    private static float[] rounded(float[] row) {
        float largest = 0;
        for (float value : row) {
            largest = Math.max(largest, Math.abs(value));
        }
        float[] result = new float[row.length];
        for (int i = 0; i < row.length; i++) {
            result[i] = (float) Math.rint(row[i] / (largest / 127)) * (largest / 127);
        }
        return result;
    }

    private static float[] slice(float[] values, int row) {
        return java.util.Arrays.copyOfRange(values, row * IN, (row + 1) * IN);
    }

    private static float[] random(long seed, int size, double deviation) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) ((random.nextDouble() + random.nextDouble() + random.nextDouble() - 1.5) * deviation);
        }
        return values;
    }
}
