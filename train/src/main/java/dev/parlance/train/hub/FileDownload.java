package dev.parlance.train.hub;

import dev.parlance.config.UserError;
import dev.parlance.train.weights.AtomicFiles;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Downloads single files: into {@code name.incomplete}, which a later attempt goes on from, and under the final name only
 * when size and checksum are the Hub's.
 */
final class FileDownload {
    private static final long DISK_RESERVE_BYTES = 64L << 20;

    private final HubClient client;
    private final ProgressListener listener;
    private final Outputs outputs;

    /** Opens the file that a download is written to. */
    @FunctionalInterface
    interface Outputs {
        WritableByteChannel open(Path file, boolean append) throws IOException;
    }

    FileDownload(HubClient client, ProgressListener listener, Outputs outputs) {
        this.client = client;
        this.listener = listener;
        this.outputs = outputs;
    }

    /** Files on the disk, for {@link Outputs}. */
    static WritableByteChannel openOnDisk(Path file, boolean append) throws IOException {
        return FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                append ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING);
    }

    /**
     * Downloads a file.
     *
     * @param directory where to put it, under {@code name}
     * @param what a name to show, such as {@code hf:owner/name config.json}
     * @param maxBytes refuse a larger file
     */
    void run(URI uri, Path directory, String name, String what, long maxBytes) {
        new OneFile(uri, directory, name, what, maxBytes).run();
    }

    /** A write that failed, in contrast to a connection that did. */
    private static final class WriteFailure extends IOException {
        private static final long serialVersionUID = 1L;

        private final IOException reason;

        WriteFailure(IOException reason) {
            super(reason);
            this.reason = reason;
        }
    }

    private static final class TooLarge extends IOException {
        private static final long serialVersionUID = 1L;
    }

    private final class OneFile {
        private final URI uri;
        private final Path directory;
        private final Path target;
        private final Path incomplete;
        private final String what;
        private final long maxBytes;
        private boolean isRestarted;

        OneFile(URI uri, Path directory, String name, String what, long maxBytes) {
            this.uri = uri;
            this.directory = directory;
            this.target = directory.resolve(name);
            this.incomplete = directory.resolve(name + ".incomplete");
            this.what = what;
            this.maxBytes = maxBytes;
        }

        // A failure after some new bytes counts as the first: a connection that drops now and then gets there.
        void run() {
            int failures = 0;
            boolean done = false;
            while (!done) {
                long before = size(incomplete);
                try {
                    done = attempt();
                } catch (TooLarge e) {
                    delete();
                    throw new UserError(
                            what + " has more than " + Messages.size(maxBytes) + ", which is too much for this file",
                            e);
                } catch (WriteFailure e) {
                    throw writeFailure(e.reason);
                } catch (IOException e) {
                    failures = size(incomplete) > before ? 1 : failures + 1;
                    if (failures >= client.options().maxAttempts()) {
                        throw client.unreachable(what, e);
                    }
                    client.pause(failures, what);
                }
            }
        }

        private UserError writeFailure(IOException reason) {
            if (DiskErrors.isFull(reason)) {
                delete(); // its bytes are what the disk lacks
            }
            return DiskErrors.explain(reason, directory, "downloading " + what);
        }

        private boolean attempt() throws IOException {
            long have = size(incomplete);
            try (HubResponse response = client.open(uri, what, have)) {
                if (response.status() == 416) { // what is here has no rest there
                    return finishOrRestart(response, have > 0);
                }
                long start = response.status() == 206 ? response.start() : 0;
                if (start != 0 && start != have) {
                    throw new IOException("asked for bytes from " + have + ", the server sent those from " + start);
                }
                checkSize(response.totalBytes(), start);
                receive(response, start);
                return finishOrRestart(response, start > 0);
            }
        }

        private void receive(HubResponse response, long start) throws IOException {
            long total = response.totalBytes();
            long bytes = start;
            listener.onProgress(what, bytes, total);
            try (WritableByteChannel channel = open(start > 0)) {
                List<ByteBuffer> chunk = client.next(response.body(), what);
                while (chunk != null) {
                    for (ByteBuffer buffer : chunk) {
                        bytes += buffer.remaining();
                        checkBound(bytes);
                        write(channel, buffer);
                    }
                    listener.onProgress(what, bytes, total);
                    chunk = client.next(response.body(), what);
                }
            }
        }

        private WritableByteChannel open(boolean append) throws WriteFailure {
            try {
                return outputs.open(incomplete, append);
            } catch (IOException e) {
                throw new WriteFailure(e);
            }
        }

        private static void write(WritableByteChannel channel, ByteBuffer buffer) throws WriteFailure {
            try {
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            } catch (IOException e) {
                throw new WriteFailure(e);
            }
        }

        /** Puts a good file in place; a bad one is deleted, and downloaded anew if it was put together from two parts. */
        private boolean finishOrRestart(HubResponse response, boolean isResumed) throws WriteFailure {
            try {
                String defect = defect(response);
                if (defect == null) {
                    Directories.force(incomplete);
                    AtomicFiles.move(incomplete, target);
                    return true;
                }
                Files.deleteIfExists(incomplete);
                if (isResumed && !isRestarted) {
                    isRestarted = true;
                    return false;
                }
                throw new UserError(
                        what + " arrived damaged: " + defect + "; it was deleted, run the same command again");
            } catch (IOException e) {
                throw new WriteFailure(e);
            }
        }

        private @Nullable String defect(HubResponse response) throws IOException {
            long total = response.totalBytes();
            if (total >= 0 && size(incomplete) != total) {
                return "it has " + size(incomplete) + " bytes, expected " + total;
            }
            String expected = response.etag();
            if (expected == null) {
                return response.status() == 416 && total < 0 ? "its size is not known" : null;
            }
            boolean isSha256 = expected.length() == 64;
            String found = isSha256 ? Checksums.sha256(incomplete) : Checksums.gitBlob(incomplete);
            return found.equals(expected)
                    ? null
                    : (isSha256 ? "its SHA-256 is " : "its git blob id is ") + found + ", expected " + expected;
        }

        private void checkSize(long total, long start) throws TooLarge, WriteFailure {
            checkBound(total);
            try {
                FileStore store = Files.getFileStore(directory);
                long free = store.getUsableSpace();
                if (total >= 0 && total - start > free - DISK_RESERVE_BYTES) {
                    throw new UserError(what + " needs " + Messages.size(total - start) + ", but the disk of "
                            + directory + " has only " + Messages.size(free)
                            + " free: free some space, or set PARLANCE_HOME to a directory on a larger disk");
                }
            } catch (IOException e) {
                throw new WriteFailure(e);
            }
        }

        private void checkBound(long bytes) throws TooLarge {
            if (bytes > maxBytes) {
                throw new TooLarge();
            }
        }

        private void delete() {
            try {
                Files.deleteIfExists(incomplete);
            } catch (IOException e) {
                throw new UserError(incomplete + " can't be deleted: " + Messages.oneLine(e) + "; delete it", e);
            }
        }
    }

    private static long size(Path file) {
        return file.toFile().length(); // 0 if there is no such file
    }
}
