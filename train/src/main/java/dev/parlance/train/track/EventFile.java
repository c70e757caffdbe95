package dev.parlance.train.track;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.function.DoubleSupplier;
import java.util.zip.CRC32C;

/**
 * A file of events that TensorBoard reads while it grows. Each event is a record: its length in 8 bytes, the checksum of
 * the length, the event, its checksum; little-endian (tensorflow/core/lib/io/record_writer.h). A record goes to the file in
 * one write, so a reader sees it whole or torn at the end of the file, which it then waits for. Not thread-safe.
 */
final class EventFile implements AutoCloseable {
    private static final int MASK_DELTA = 0xa282ead8;

    private final FileChannel channel;
    private final DoubleSupplier wallTime;

    /**
     * Starts a file.
     *
     * @param wallTime seconds since 1970
     */
    EventFile(Path file, DoubleSupplier wallTime) throws IOException {
        this.wallTime = wallTime;
        channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        write(EventMessages.version(wallTime.getAsDouble()));
    }

    /**
     * Starts a file in a directory, named as TensorBoard expects it.
     *
     * @param host name of the machine
     * @param pid number of the process, so that a resumed run does not meet the file of the one before
     */
    static EventFile in(Path directory, String host, long pid) throws IOException {
        Instant now = Instant.now();
        String safeHost = host.replaceAll("[^A-Za-z0-9_-]", "_"); // dots separate the parts of the name
        String name = "events.out.tfevents." + now.getEpochSecond() + "." + safeHost + "." + pid + "." + now.getNano();
        return new EventFile(directory.resolve(name), () -> System.currentTimeMillis() / 1000.0);
    }

    /** Makes TensorBoard forget what earlier files of the directory have of this step and of later ones. */
    void restart(long step) throws IOException {
        write(EventMessages.restart(wallTime.getAsDouble(), step));
    }

    void scalar(long step, String tag, double number) throws IOException {
        write(EventMessages.event(wallTime.getAsDouble(), step, EventMessages.scalar(tag, number)));
    }

    void histogram(long step, String tag, Histogram histogram) throws IOException {
        write(EventMessages.event(wallTime.getAsDouble(), step, EventMessages.histogram(tag, histogram)));
    }

    void text(long step, String tag, String markdown) throws IOException {
        write(EventMessages.event(wallTime.getAsDouble(), step, EventMessages.text(tag, markdown)));
    }

    void image(long step, String tag, ConfusionImage image) throws IOException {
        write(EventMessages.event(
                wallTime.getAsDouble(), step, EventMessages.image(tag, image.width(), image.height(), image.png())));
    }

    private void write(byte[] event) throws IOException {
        ByteBuffer record = ByteBuffer.allocate(event.length + 16).order(ByteOrder.LITTLE_ENDIAN);
        record.putLong(event.length);
        record.putInt(maskedChecksum(record.array(), 8));
        record.put(event);
        record.putInt(maskedChecksum(event, event.length));
        record.flip();
        while (record.hasRemaining()) {
            channel.write(record);
        }
    }

    /** CRC-32C, turned and shifted so that the checksum of data that holds checksums is a good one too. */
    static int maskedChecksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return Integer.rotateRight((int) crc.getValue(), 15) + MASK_DELTA;
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            channel.force(true);
        }
    }
}
