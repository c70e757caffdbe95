package dev.parlance.train.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlance.config.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
    @TempDir
    private Path directory;

    @Test
    void reads_what_python_wrote() throws IOException {
        Path file = directory.resolve("python.safetensors");
        try (InputStream in = SafetensorsTest.class.getResourceAsStream("python.safetensors")) {
            Files.copy(Objects.requireNonNull(in), file);
        }
        try (Safetensors weights = Safetensors.open(file)) {
            assertThat(weights.names())
                    .containsExactlyInAnyOrder(
                            "f32", "f16", "bf16", "embeddings.position_ids", "scalar", "empty", "f64");
            assertThat(weights.shape("f32")).containsExactly(2, 3);
            assertThat(read(weights, "f32", 6))
                    .containsExactly(1.5f, -2.25f, 3e-39f, Float.POSITIVE_INFINITY, -0.0f, 1 / 3f);
            assertThat(read(weights, "f16", 3)).containsExactly(0.099975586f, -65504f, 5.9604645e-8f);
            assertThat(read(weights, "bf16", 2)).containsExactly(0.100097656f, -3.0040553e38f);
            assertThat(weights.shape("scalar")).isEmpty();
            assertThat(read(weights, "scalar", 1)).containsExactly(42f);
            assertThat(weights.shape("empty")).containsExactly(0, 3);
            assertThat(read(weights, "empty", 0)).isEmpty();
            assertThat(weights.longs("embeddings.position_ids")).containsExactly(0, 1, 2, 3, 4);
            assertThat(weights.isFloat("bf16")).isTrue();
            assertThat(weights.isFloat("embeddings.position_ids")).isFalse();
            for (String name : new String[] {"embeddings.position_ids", "f64"}) {
                assertThatThrownBy(() -> read(weights, name, 5))
                        .isInstanceOf(UserError.class)
                        .hasMessageContainingAll(file.toString(), name, "expected F32, F16 or BF16");
            }
        }
    }

    @Test
    void writes_what_the_format_says_byte_by_byte() throws IOException {
        Path file = directory.resolve("a.safetensors");
        Safetensors.write(
                file, new ArrayWeights().with("b", new long[] {2}, 1f, -2f).with("a", new long[] {}, Float.MIN_VALUE));

        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int length = (int) bytes.getLong(0);
        assertThat(length % 8).isZero();
        assertThat(new String(bytes.array(), 8, length, StandardCharsets.UTF_8).strip())
                .isEqualTo("{\"__metadata__\":{\"format\":\"pt\"},"
                        + "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                        + "\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[8,12]}}");
        assertThat(bytes.array()).hasSize(8 + length + 12);
        assertThat(bytes.getFloat(8 + length + 4)).isEqualTo(-2f);
        assertThat(bytes.getInt(8 + length + 8)).isEqualTo(1);
    }

    @Test
    void reads_back_what_it_wrote_bit_by_bit() throws IOException {
        float[] values = {0f, -0f, Float.MIN_VALUE, Float.MAX_VALUE, Float.NEGATIVE_INFINITY, 0.1f};
        Path file = directory.resolve("a.safetensors");
        Safetensors.write(file, new ArrayWeights().with("x.y", new long[] {1, 2, 3}, values));

        try (Safetensors weights = Safetensors.open(file)) {
            assertThat(weights.shape("x.y")).containsExactly(1, 2, 3);
            assertThat(read(weights, "x.y", 6)).containsExactly(values);
        }
    }

    @Test
    void a_failed_write_leaves_the_old_file_and_nothing_else() throws IOException {
        Path file = Files.writeString(directory.resolve("a.safetensors"), "old");
        WeightSource failing = new WeightSource() {
            private final ArrayWeights weights = new ArrayWeights().with("a", new long[] {1}, 1f);

            @Override
            public Set<String> names() {
                return weights.names();
            }

            @Override
            public long[] shape(String name) {
                return weights.shape(name);
            }

            @Override
            public void copyInto(String name, FloatBuffer target) {
                throw new IllegalStateException("broken source");
            }
        };

        assertThatThrownBy(() -> Safetensors.write(file, failing)).hasMessage("broken source");

        assertThat(file).hasContent("old");
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void copies_only_into_a_target_of_the_right_size() throws IOException {
        Path file = directory.resolve("a.safetensors");
        Safetensors.write(file, new ArrayWeights().with("a", new long[] {2}, 1f, 2f));
        try (Safetensors weights = Safetensors.open(file)) {
            assertThatThrownBy(() -> weights.copyInto("a", FloatBuffer.allocate(3)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> weights.shape("b")).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void refuses_malformed_headers() throws IOException {
        String a = "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}";
        assertRefused("{" + a + "," + a + "}", 4, "Duplicate");
        assertRefused("{" + a.replace("F32", "F31") + "}", 4, "tensor a", "'F31'", "BF16");
        assertRefused("{" + a.replace("[1]", "[2]") + "}", 4, "has 4 bytes, expected 8");
        assertRefused("{" + a.replace("[1]", "[-1]") + "}", 4, "shape", "from 0");
        assertRefused("{" + a.replace("[1]", "[1.5]") + "}", 4, "shape");
        assertRefused("{" + a.replace("[1]", "4") + "}", 4, "no list shape");
        assertRefused("{" + a.replace("[1]", "[4611686018427387904,4]") + "}", 4, "impossible shape");
        assertRefused("{" + a.replace("[0,4]", "[4,0]") + "}", 4, "data_offsets");
        assertRefused("{" + a.replace("[0,4]", "[0]") + "}", 4, "data_offsets");
        assertRefused("{" + a + "," + a.replace("\"a\"", "\"b\"") + "}", 4, "tensor b", "overlap");
        assertRefused("{" + a.replace("[0,4]", "[4,8]") + "}", 8, "leave a gap");
        assertRefused("{" + a + "}", 5, "4 bytes of data, but the file has 5");
        assertRefused("{" + a + "}", 3, "cut off");
        assertRefused("{\"__metadata__\":{\"format\":1}," + a + "}", 4, "__metadata__");
        assertRefused("{" + a, 4, "no valid JSON");
        assertRefused("{" + a + "} x", 4, "no valid JSON");
        assertRefused(" {" + a + "}", 4, "start with '{'");
        assertRefused("[]", 0, "start with '{'");
    }

    @Test
    void refuses_impossible_lengths_without_allocating_them() throws IOException {
        for (long length : new long[] {-1, Long.MIN_VALUE, 100_000_001, Long.MAX_VALUE}) {
            Path file = Files.write(directory.resolve("a.safetensors"), header(length, ""));
            assertThatThrownBy(() -> Safetensors.open(file))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining(Long.toUnsignedString(length));
        }
        Path cutOff = Files.write(directory.resolve("a.safetensors"), header(1000, "{}"));
        assertThatThrownBy(() -> Safetensors.open(cutOff))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("cut off");
        Path tiny = Files.write(directory.resolve("a.safetensors"), new byte[7]);
        assertThatThrownBy(() -> Safetensors.open(tiny))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("only 7 bytes");
    }

    @Test
    void every_truncation_is_refused() throws IOException {
        Path file = directory.resolve("a.safetensors");
        Safetensors.write(file, new ArrayWeights().with("a", new long[] {3}, 1f, 2f, 3f));
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> Safetensors.open(file))
                    .as("%d bytes", length)
                    .isInstanceOf(UserError.class);
        }
    }

    @Test
    void reads_shards_by_their_index() throws IOException {
        Safetensors.write(directory.resolve("m-1.safetensors"), new ArrayWeights().with("a", new long[] {1}, 1f));
        Safetensors.write(directory.resolve("m-2.safetensors"), new ArrayWeights().with("b", new long[] {1}, 2f));
        index("\"a\":\"m-1.safetensors\",\"b\":\"m-2.safetensors\"");

        try (Safetensors weights = Safetensors.openModel(directory)) {
            assertThat(weights.names()).containsExactly("a", "b");
            assertThat(read(weights, "b", 1)).containsExactly(2f);
        }
    }

    @Test
    void refuses_an_index_that_lies() throws IOException {
        Safetensors.write(
                directory.resolve("m.safetensors"),
                new ArrayWeights().with("a", new long[] {1}, 1f).with("b", new long[] {1}, 1f));
        for (String[] lie : new String[][] {
            {"\"a\":\"../m.safetensors\"", "plain name"},
            {"\"a\":\"/m.safetensors\"", "plain name"},
            {"\"a\":\"m.bin\"", "plain name"},
            {"\"a\":\"other.safetensors\"", "does not exist"},
            {"\"c\":\"m.safetensors\"", "says that c is in m.safetensors"},
            {"\"a\":\"m.safetensors\"", "does not list tensor b"},
            {"", "no weight_map"},
        }) {
            index(lie[0]);
            assertThatThrownBy(() -> Safetensors.openModel(directory))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining(lie[1]);
        }
    }

    private void index(String entries) throws IOException {
        Files.writeString(directory.resolve(Safetensors.INDEX), "{\"weight_map\":{" + entries + "}}");
    }

    private void assertRefused(String json, int dataBytes, String... parts) throws IOException {
        byte[] head = header(json.length(), json);
        Path file = Files.write(directory.resolve("a.safetensors"), Arrays.copyOf(head, head.length + dataBytes));
        assertThatThrownBy(() -> Safetensors.open(file).close())
                .as(json)
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith(file + " is no valid safetensors file: ")
                .hasMessageContainingAll(parts);
    }

    private static byte[] header(long length, String json) {
        byte[] text = json.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + text.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .put(text)
                .array();
    }

    private static float[] read(WeightSource weights, String name, int elements) {
        float[] values = new float[elements];
        weights.copyInto(name, FloatBuffer.wrap(values));
        return values;
    }
}
