package dev.parlance.cli;

import dev.parlance.config.UserError;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** A UTF-8 text file that appears when it is complete, or not at all. */
final class AtomicFile implements AutoCloseable {
    private final Path target;
    private final Path temporary;
    private final FileChannel channel;
    private final Writer writer;

    private AtomicFile(Path target, Path temporary, FileChannel channel) {
        this.target = target;
        this.temporary = temporary;
        this.channel = channel;
        this.writer =
                new BufferedWriter(new OutputStreamWriter(Channels.newOutputStream(channel), StandardCharsets.UTF_8));
    }

    /** Starts a file; what is there stays until {@link #commit}. */
    static AtomicFile create(Path target) {
        Path absolute = target.toAbsolutePath().normalize();
        Path name = absolute.getFileName();
        if (name == null || Files.isDirectory(absolute)) {
            throw new UserError(target + " is a directory, expected a file to write to");
        }
        Path temporary = absolute.resolveSibling(
                "." + name + "." + ProcessHandle.current().pid() + ".tmp");
        try {
            FileChannel channel = FileChannel.open(
                    temporary,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE);
            temporary.toFile().deleteOnExit(); // Ctrl-C
            return new AtomicFile(absolute, temporary, channel);
        } catch (IOException e) {
            throw unwritable(target, e);
        }
    }

    /** Writes a whole file. */
    static void write(Path target, String text) {
        try (AtomicFile file = create(target)) {
            file.append(text);
            file.commit();
        }
    }

    void append(String text) {
        try {
            writer.write(text);
        } catch (IOException e) {
            throw unwritable(target, e);
        }
    }

    /** Puts the file into its place. */
    void commit() {
        try {
            writer.flush();
            channel.force(true);
            channel.close();
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw unwritable(target, e);
        }
    }

    /** Drops what was not committed. */
    @Override
    public void close() {
        try {
            channel.close();
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            throw unwritable(target, e);
        }
    }

    private static UserError unwritable(Path target, IOException e) {
        return new UserError(target + " cannot be written: " + e, e);
    }
}
