package dev.parlance.train.track;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The bytes of event files. {@code events.fixture} is what TensorBoard 2.21.0 itself writes for the same events, and reads
 * back: made by {@code runs/reference/tensorboard_events.py}. Equal byte for byte.
 */
class EventFileTest {
    /** Three pixels by two. */
    private static final byte[] PNG = Base64.getDecoder()
            .decode("iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAH0lEQVR4AQEUAOv/AP8AAAD/AAAA"
                    + "/wAAAAD///+AgIA+2Ad7Fyow3gAAAABJRU5ErkJggg==");

    @TempDir
    Path folder;

    /** What the fixture holds; the picture is made of bytes that do not depend on the version of Java. */
    private Path write() throws IOException {
        Path file = folder.resolve("events.out.tfevents.1700000000.host.1.0");
        try (EventFile events = new EventFile(file, () -> 1_700_000_000.5)) {
            events.text(0, "config", "# 设置\n\n    learning_rate: 0.0001");
            events.scalar(1, "train/loss", 0.6931);
            events.scalar(2, "train/loss", 0.5);
            events.scalar(2, "eval/accuracy", 0.75);
            events.histogram(
                    2, "weights/classifier.weight", Histogram.of(new float[] {-1.5f, -0.25f, 0, 0.3f, 0.3f, 2}));
            events.image(2, "eval/confusion_matrix", new ConfusionImage(3, 2, PNG));
        }
        return file;
    }

    @Test
    void equals_what_tensorboard_writes_itself() throws IOException {
        try (InputStream in = EventFileTest.class.getResourceAsStream("events.fixture")) {
            assertThat(write()).hasBinaryContent(Objects.requireNonNull(in).readAllBytes());
        }
    }

    @Test
    void every_record_has_its_length_and_both_checksums() throws IOException {
        List<byte[]> records = records(write());
        assertThat(records).hasSize(7);
        UnknownFieldSet version = UnknownFieldSet.parseFrom(records.get(0));
        assertThat(Double.longBitsToDouble(version.getField(1).getFixed64List().get(0)))
                .isEqualTo(1_700_000_000.5);
        assertThat(text(version, 3)).isEqualTo("brain.Event:2");
    }

    @Test
    void events_hold_tag_step_and_number() throws IOException {
        UnknownFieldSet event = UnknownFieldSet.parseFrom(records(write()).get(2));
        assertThat(event.getField(2).getVarintList()).containsExactly(1L);
        UnknownFieldSet value = message(message(event, 5), 1);
        assertThat(text(value, 1)).isEqualTo("train/loss");
        assertThat(Float.intBitsToFloat(value.getField(2).getFixed32List().get(0)))
                .isEqualTo(0.6931f);
    }

    /** As TensorFlow's {@code SessionLog} says it: what TensorBoard takes for "forget what is at this step or later". */
    @Test
    void a_restart_names_the_first_step_that_no_longer_counts() throws IOException {
        Path file = folder.resolve("events.out.tfevents.1700000001.host.2.0");
        try (EventFile events = new EventFile(file, () -> 1_700_000_001.5)) {
            events.restart(17);
        }
        UnknownFieldSet event = UnknownFieldSet.parseFrom(records(file).get(1));
        assertThat(event.getField(2).getVarintList()).containsExactly(17L);
        assertThat(message(event, 7).getField(1).getVarintList()).containsExactly(1L);
    }

    @Test
    void texts_are_strings_for_the_text_plugin() throws IOException {
        UnknownFieldSet value =
                message(message(UnknownFieldSet.parseFrom(records(write()).get(1)), 5), 1);
        assertThat(text(message(message(value, 9), 1), 1)).isEqualTo("text");
        UnknownFieldSet tensor = message(value, 8);
        assertThat(tensor.getField(1).getVarintList()).containsExactly(7L); // DT_STRING
        assertThat(text(tensor, 8)).startsWith("# 设置");
    }

    @Test
    void the_checksum_is_that_of_rfc_3720() {
        byte[] zeros = new byte[32]; // RFC 3720, B.4: CRC-32C of 32 zeros is 0x8a9136aa
        assertThat(crc32c(zeros)).isEqualTo(0x8a9136aa);
        assertThat(EventFile.maskedChecksum(zeros, 32)).isEqualTo(masked(zeros));
    }

    /** Reads records and checks them with a checksum of its own. */
    static List<byte[]> records(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<byte[]> records = new ArrayList<>();
        while (bytes.hasRemaining()) {
            byte[] length = new byte[8];
            bytes.get(length);
            assertThat(bytes.getInt()).isEqualTo(masked(length));
            byte[] event = new byte
                    [Math.toIntExact(ByteBuffer.wrap(length)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .getLong())];
            bytes.get(event);
            assertThat(bytes.getInt()).isEqualTo(masked(event));
            records.add(event);
        }
        return records;
    }

    private static int masked(byte[] bytes) {
        int crc = crc32c(bytes);
        return ((crc >>> 15) | (crc << 17)) + 0xa282ead8;
    }

    /** Bit by bit, with the reversed Castagnoli polynomial. */
    private static int crc32c(byte[] bytes) {
        int crc = -1;
        for (byte b : bytes) {
            crc ^= b & 0xff;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc >>> 1) ^ ((crc & 1) == 0 ? 0 : 0x82f63b78);
            }
        }
        return ~crc;
    }

    static UnknownFieldSet message(UnknownFieldSet parent, int field) throws IOException {
        return UnknownFieldSet.parseFrom(bytes(parent, field));
    }

    static String text(UnknownFieldSet parent, int field) {
        return bytes(parent, field).toString(StandardCharsets.UTF_8);
    }

    private static ByteString bytes(UnknownFieldSet parent, int field) {
        return parent.getField(field).getLengthDelimitedList().get(0);
    }
}
