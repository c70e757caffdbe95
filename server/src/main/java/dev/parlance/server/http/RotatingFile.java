package dev.parlance.server.http;

import dev.parlance.config.UserError;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lines in a file that does not grow for ever: a full one becomes FILE.1, that FILE.2, and the last is gone. One thread. */
final class RotatingFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RotatingFile.class);

    private final Path file;
    private final long maxBytes;
    private final int maxFiles;
    private BufferedWriter writer;
    private long bytes;
    private boolean failed;

    /**
     * Opens a file, to write after what is in it.
     *
     * @throws UserError if it cannot be written
     */
    RotatingFile(Path file, long maxBytes, int maxFiles) {
        this.file = file;
        this.maxBytes = maxBytes;
        this.maxFiles = maxFiles;
        try {
            this.writer = open(file);
            this.bytes = Files.size(file);
        } catch (IOException e) {
            throw new UserError(
                    "the access log " + file + " cannot be written: " + e
                            + "; give --access-log a file in a directory that there is",
                    e);
        }
    }

    /** Adds a line; what cannot be written is lost, and the log of the server says so once. */
    void add(String line) {
        try {
            long length = line.getBytes(StandardCharsets.UTF_8).length + 1L;
            if (bytes > 0 && bytes + length > maxBytes) {
                rotate();
            }
            writer.write(line);
            writer.write('\n');
            bytes += length;
        } catch (IOException e) {
            report(e);
        }
    }

    void flush() {
        try {
            writer.flush();
        } catch (IOException e) {
            report(e);
        }
    }

    private void report(IOException e) {
        if (!failed) {
            failed = true;
            LOG.error("the access log {} cannot be written: {}", file, e.toString());
        }
    }

    private void rotate() throws IOException {
        writer.close();
        for (int i = maxFiles - 1; i > 0; i--) {
            Path older = i == 1 ? file : numbered(i - 1);
            if (Files.exists(older)) {
                Files.move(older, numbered(i), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.deleteIfExists(file); // if there is to be one file only
        writer = open(file);
        bytes = 0;
    }

    private Path numbered(int i) {
        return file.resolveSibling(file.getFileName() + "." + i);
    }

    private static BufferedWriter open(Path file) throws IOException {
        return Files.newBufferedWriter(
                file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @Override
    public void close() {
        try {
            writer.close();
        } catch (IOException e) {
            report(e);
        }
    }
}
