package dev.parlance.train.crossval;

import dev.parlance.config.UserError;
import dev.parlance.train.weights.AtomicFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Files of what consists of many runs; what fails is told as a {@link UserError}. */
public final class ExperimentFiles {
    private ExperimentFiles() {}

    /** Writes a text as UTF-8; the file is there completely or not at all. */
    public static void write(Path file, String text) {
        write(file, channel -> writeFully(channel, text));
    }

    /** Writes a file that is there completely or not at all, and the directories above it. */
    public static void write(Path file, AtomicFiles.Content content) {
        try {
            AtomicFiles.write(file, content);
        } catch (IOException e) {
            throw new UserError(file + " cannot be written: " + e, e);
        }
    }

    /** Writes a text as UTF-8 at the place where the channel is. */
    public static void writeFully(FileChannel channel, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Makes a directory and those above it. */
    public static Path createDirectories(Path directory) {
        try {
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UserError(directory + " cannot be made: " + e, e);
        }
    }

    /** Deletes a file, or a directory with all that is in it, if it is there. */
    public static void delete(Path path) {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(path)) {
            for (Path each : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        } catch (IOException | UncheckedIOException e) {
            throw new UserError(path + " cannot be deleted: " + e, e);
        }
    }
}
