package dev.parlance.train.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Writes a safetensors file of 32-bit floats; one tensor at a time is in memory. */
final class SafetensorsWriter {
    private SafetensorsWriter() {}

    static void write(Path target, WeightSource source) throws IOException {
        List<TensorEntry> entries = layOut(source);
        byte[] header = SafetensorsHeader.format(entries);
        AtomicFiles.write(target, channel -> {
            ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            writeFully(channel, length.putLong(0, header.length));
            writeFully(channel, ByteBuffer.wrap(header));
            writeTensors(channel, entries, source);
        });
    }

    private static List<TensorEntry> layOut(WeightSource source) {
        List<TensorEntry> entries = new ArrayList<>();
        long offset = 0;
        for (String name : source.names()) {
            List<Long> shape = Arrays.stream(source.shape(name)).boxed().toList();
            long bytes = shape.stream().reduce((long) Float.BYTES, Math::multiplyExact);
            if (bytes > Integer.MAX_VALUE - 8) {
                throw new IllegalArgumentException("tensor " + name + " of " + shape + " has more than 2 GiB");
            }
            entries.add(new TensorEntry(name, DType.F32, shape, offset, offset + bytes));
            offset += bytes;
        }
        return entries;
    }

    private static void writeTensors(FileChannel channel, List<TensorEntry> entries, WeightSource source)
            throws IOException {
        long largest = entries.stream()
                .mapToLong(entry -> entry.end() - entry.begin())
                .max()
                .orElse(0);
        ByteBuffer bytes = ByteBuffer.allocateDirect((int) largest).order(ByteOrder.LITTLE_ENDIAN);
        for (TensorEntry entry : entries) {
            bytes.clear().limit((int) (entry.end() - entry.begin()));
            FloatBuffer floats = bytes.asFloatBuffer();
            source.copyInto(entry.name(), floats);
            if (floats.hasRemaining()) {
                throw new IllegalStateException("tensor " + entry.name() + " was copied only in part");
            }
            writeFully(channel, bytes);
        }
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
