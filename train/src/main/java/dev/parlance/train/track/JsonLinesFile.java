package dev.parlance.train.track;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.Json;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Predicate;

/** A file to which JSON objects are appended, a line each, for others to read while it grows. Not thread-safe. */
final class JsonLinesFile implements AutoCloseable {
    private final RandomAccessFile file;

    /** Opens or starts a file; a last line without its line feed, which a crash has torn, is cut off. */
    JsonLinesFile(Path path) throws IOException {
        file = new RandomAccessFile(path.toFile(), "rw");
        long end = file.length();
        while (end > 0) {
            file.seek(end - 1);
            if (file.read() == '\n') {
                break;
            }
            end--;
        }
        file.setLength(end);
        file.seek(end);
    }

    /** Cuts a file off before the first line that is chosen, if there is such a line. Lines that are damaged are not. */
    static void cut(Path path, Predicate<ObjectNode> chosen) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        long end = -1;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(path))) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            long start = 0;
            long read = 0;
            for (int next = in.read(); next >= 0 && end < 0; next = in.read()) {
                read++;
                if (next != '\n') {
                    line.write(next);
                    continue;
                }
                if (Json.parseObject(line.toString(StandardCharsets.UTF_8))
                        .filter(chosen)
                        .isPresent()) {
                    end = start;
                }
                start = read;
                line.reset();
            }
        }
        if (end >= 0) {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                channel.truncate(end).force(true);
            }
        }
    }

    /** Appends a line with one write, so that a reader sees it whole or torn at the end. */
    void append(ObjectNode line) throws IOException {
        FileChannel channel = file.getChannel();
        ByteBuffer bytes = ByteBuffer.wrap((Json.line(line) + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public void close() throws IOException {
        try (file) {
            file.getChannel().force(true);
        }
    }
}
