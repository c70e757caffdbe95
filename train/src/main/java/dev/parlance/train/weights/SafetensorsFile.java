package dev.parlance.train.weights;

import dev.parlance.config.UserError;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;

/** One open safetensors file: a length, a JSON header, then the tensors' bytes, little-endian. */
final class SafetensorsFile implements AutoCloseable {
    private static final int LENGTH_BYTES = Long.BYTES;

    /** Bytes mapped at once: a multiple of every element size that one buffer can address. */
    private static final long WINDOW_BYTES = 1L << 30;

    private static final int CHUNK_ELEMENTS = 8192;

    private final Path path;
    private final FileChannel channel;
    private final Map<String, TensorEntry> entries;
    private final long dataStart;

    private SafetensorsFile(Path path, FileChannel channel) throws IOException {
        this.path = path;
        this.channel = channel;
        byte[] header = readHeader();
        this.dataStart = LENGTH_BYTES + (long) header.length;
        this.entries = SafetensorsHeader.parse(path, header, channel.size() - dataStart);
    }

    // The channel belongs to the new object, which closes it; it is closed here only when there is no such object.
    static SafetensorsFile open(Path path) {
        try {
            FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
            try {
                return new SafetensorsFile(path, channel);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (NoSuchFileException e) {
            throw new UserError(path + " does not exist", e);
        } catch (IOException e) {
            throw new UserError(path + " can't be read: " + e.getMessage(), e);
        }
    }

    Set<String> names() {
        return entries.keySet();
    }

    long[] shape(String name) {
        return entry(name).sizes();
    }

    DType type(String name) {
        return entry(name).type();
    }

    void copyInto(String name, FloatBuffer target) {
        TensorEntry entry = entry(name);
        if (!entry.type().isReadable()) {
            throw new UserError(path + ": tensor " + name + " is of type " + entry.type()
                    + ", expected F32, F16 or BF16; save the model with 32-bit floats");
        }
        if (target.remaining() != entry.elements()) {
            throw new IllegalArgumentException(
                    "tensor " + name + " has " + entry.elements() + " elements, the target " + target.remaining());
        }
        for (long at = entry.begin(); at < entry.end(); at += WINDOW_BYTES) {
            widen(map(at, Math.min(WINDOW_BYTES, entry.end() - at)), entry.type(), target);
        }
    }

    long[] longs(String name) {
        TensorEntry entry = entry(name);
        if (entry.type() != DType.I64) {
            throw new UserError(path + ": tensor " + name + " is of type " + entry.type() + ", expected I64");
        }
        if (entry.end() - entry.begin() > WINDOW_BYTES) {
            throw new UserError(
                    path + ": tensor " + name + " of whole numbers has more than " + WINDOW_BYTES + " bytes");
        }
        long[] values = new long[(int) entry.elements()];
        map(entry.begin(), entry.end() - entry.begin()).asLongBuffer().get(values);
        return values;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] readHeader() throws IOException {
        ByteBuffer prefix = ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        if (channel.size() < LENGTH_BYTES) {
            throw new UserError(path + " is no valid safetensors file: it has only " + channel.size() + " bytes");
        }
        readFully(prefix, 0);
        long length = prefix.getLong(0);
        if (length < 0 || length > SafetensorsHeader.MAX_BYTES) {
            throw new UserError(path + " is no valid safetensors file: its header would have "
                    + Long.toUnsignedString(length) + " bytes, expected at most " + SafetensorsHeader.MAX_BYTES);
        }
        if (length > channel.size() - LENGTH_BYTES) {
            throw new UserError(path + " is no valid safetensors file: its header would have " + length
                    + " bytes, but the file has only " + channel.size() + ": it is cut off, copy or download it again");
        }
        ByteBuffer header = ByteBuffer.allocate((int) length);
        readFully(header, LENGTH_BYTES);
        return header.array();
    }

    private void readFully(ByteBuffer target, long position) throws IOException {
        long at = position;
        while (target.hasRemaining()) {
            int read = channel.read(target, at);
            if (read < 0) {
                throw new EOFException(path + " ended while it was read");
            }
            at += read;
        }
    }

    private ByteBuffer map(long begin, long length) {
        try {
            return channel.map(FileChannel.MapMode.READ_ONLY, dataStart + begin, length)
                    .order(ByteOrder.LITTLE_ENDIAN);
        } catch (IOException e) {
            throw new UncheckedIOException(path + " can't be mapped into memory", e);
        }
    }

    private static void widen(ByteBuffer bytes, DType type, FloatBuffer target) {
        if (type == DType.F32) {
            target.put(bytes.asFloatBuffer());
            return;
        }
        ShortBuffer source = bytes.asShortBuffer();
        float[] chunk = new float[CHUNK_ELEMENTS];
        while (source.hasRemaining()) {
            int count = Math.min(chunk.length, source.remaining());
            for (int i = 0; i < count; i++) {
                short bits = source.get();
                chunk[i] = type == DType.F16 ? HalfFloats.fromFloat16(bits) : HalfFloats.fromBfloat16(bits);
            }
            target.put(chunk, 0, count);
        }
    }

    private TensorEntry entry(String name) {
        TensorEntry entry = entries.get(name);
        if (entry == null) {
            throw new IllegalArgumentException(path + " has no tensor " + name);
        }
        return entry;
    }
}
