package dev.parlance.bundle;

import dev.parlance.config.UserError;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A directory that appears complete or not at all. It is filled under a hidden name beside its place, forced to disk and
 * renamed. A directory that it replaces is renamed first and deleted last: a crash between the two renames leaves both under
 * hidden names.
 */
public final class AtomicDirectory {
    private final Path target; // absolute, without symbolic links where it exists

    /** Where the directory is to be. */
    public AtomicDirectory(Path target) {
        Path absolute = target.toAbsolutePath().normalize();
        try {
            this.target = Files.exists(absolute) ? absolute.toRealPath() : absolute;
        } catch (IOException e) {
            throw new UserError(target + " cannot be read: " + e.getMessage(), e);
        }
        if (this.target.getParent() == null) {
            throw new UserError(target + " is the root of a disk, expected a directory for the model");
        }
    }

    /** Writes the files. */
    @FunctionalInterface
    public interface Filler {
        /** Fills a directory that is empty. */
        void fill(Path directory) throws IOException;
    }

    /** Lets {@code filler} write the files and puts them into place, or leaves everything as it was. */
    public void write(Filler filler) throws IOException {
        Files.createDirectories(parent());
        Path temporary = sibling(".tmp-");
        try {
            Files.createDirectory(temporary);
            filler.fill(temporary);
            force(temporary);
            replace(temporary);
        } catch (IOException | RuntimeException | Error e) {
            deleteAfter(e, temporary);
            throw e;
        }
    }

    /** A failure to clean up must not hide why that was needed. */
    private static void deleteAfter(Throwable failure, Path temporary) {
        try {
            delete(temporary);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /** Renames the finished directory to its place; an old one there comes back if that fails. */
    void replace(Path finished) throws IOException {
        if (Files.exists(target) && !isEmpty(target)) {
            Path old = sibling(".old-");
            Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
            try {
                Files.move(finished, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                Files.move(old, target, StandardCopyOption.ATOMIC_MOVE);
                throw e;
            }
            forceDirectory(parent());
            delete(old);
        } else {
            Files.deleteIfExists(target);
            Files.move(finished, target, StandardCopyOption.ATOMIC_MOVE);
            forceDirectory(parent());
        }
    }

    /** The directories that a crash while replacing {@code target} has left. */
    static List<Path> leftBehind(Path target) throws IOException {
        Path absolute = target.toAbsolutePath().normalize();
        Path parent = absolute.getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            return List.of();
        }
        try (Stream<Path> siblings = Files.list(parent)) {
            String prefix = "." + absolute.getFileName() + ".old-";
            return siblings.filter(path -> String.valueOf(path.getFileName()).startsWith(prefix))
                    .sorted()
                    .toList();
        }
    }

    static boolean isEmpty(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.findAny().isEmpty();
        }
    }

    Path target() {
        return target;
    }

    private Path parent() {
        Path parent = target.getParent();
        if (parent == null) {
            throw new IllegalStateException(target + " has no parent");
        }
        return parent;
    }

    private Path sibling(String kind) {
        String unique = UUID.randomUUID().toString().substring(0, 8);
        return parent().resolve("." + target.getFileName() + kind + unique);
    }

    private static void force(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                if (Files.isDirectory(path)) {
                    forceDirectory(path);
                } else {
                    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                        channel.force(true);
                    }
                }
            }
        }
    }

    /** Windows cannot open directories, and keeps their entries safe by itself. */
    private static void forceDirectory(Path directory) throws IOException {
        if (System.getProperty("os.name", "").startsWith("Windows")) {
            return;
        }
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
