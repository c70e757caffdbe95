package dev.parlance.train.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What {@link Files} lacks for whole directories. */
final class Directories {
    private Directories() {}

    /** Deletes a directory with all that is in it, if it is there; links are deleted, not followed. */
    static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /** The entries of a directory by name; none if there is no such directory. */
    static List<Path> list(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.list(directory)) {
            return paths.sorted().toList();
        }
    }

    /** The bytes of all files below a directory. */
    static long bytes(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            return paths.filter(Files::isRegularFile)
                    .mapToLong(Directories::size)
                    .sum();
        } catch (UncheckedIOException e) {
            throw new IOException(e);
        }
    }

    /** Copies all files below a directory and forces them to disk. */
    static void copyFiles(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        for (Path path : list(from)) {
            Path copy = to.resolve(path.getFileName());
            if (Files.isDirectory(path)) {
                copyFiles(path, copy);
            } else if (Files.isRegularFile(path)) {
                Files.copy(path, copy);
                force(copy);
            }
        }
    }

    /** Waits until a file is on the disk. */
    static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
