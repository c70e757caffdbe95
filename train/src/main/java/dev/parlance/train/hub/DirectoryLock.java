package dev.parlance.train.hub;

import dev.parlance.config.UserError;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A lock on a file that holds among threads and among processes; it falls when its process ends. */
final class DirectoryLock {
    private static final Duration PATIENCE = Duration.ofHours(2);
    private static final long POLL_MILLIS = 50;

    private DirectoryLock() {}

    /** What to do while the lock is held. */
    @FunctionalInterface
    interface Action<T> {
        T run() throws IOException;
    }

    /** Runs an action alone; waits for others, for at most two hours: another process may be downloading. */
    static <T> T holding(Path file, Action<T> action) throws IOException {
        Path parent = file.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (tryLock(channel) == null) {
                if (System.nanoTime() - deadline > 0) {
                    throw new UserError("another process has held " + file + " for " + PATIENCE.toHours()
                            + " hours: end it, then try again");
                }
                pause();
            }
            return action.run(); // closing the channel lets go of the lock
        }
    }

    // A lock held by another thread of this process shows as an exception, one of another process as null.
    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserError("interrupted while another process was downloading", e);
        }
    }
}
