package dev.parlance.train.checkpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.bundle.AtomicDirectory;
import dev.parlance.bundle.ModelBundle;
import dev.parlance.config.ConfigFiles;
import dev.parlance.config.Json;
import dev.parlance.config.RunConfig;
import dev.parlance.config.UserError;
import dev.parlance.train.weights.AtomicFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The directory of a run that is not finished: {@code models/reviews.unfinished} beside {@code models/reviews}. It holds
 * {@code run.yaml}, {@code started.json} and a directory {@code checkpoint-<step>} for each checkpoint. A checkpoint is
 * filled under a hidden name, listed in a manifest with checksums, forced to disk and renamed, and only then are older ones
 * deleted; whenever the process is killed, the newest that has its name is whole.
 *
 * <p>One process at a time can have it open.
 */
public final class RunDirectory implements AutoCloseable {
    /** What its name has more than that of the model. */
    public static final String SUFFIX = ".unfinished";

    public static final String CONFIG = "run.yaml";
    private static final String STARTED = "started.json";
    private static final String RECORDED_IN = "recorded_in";
    private static final String LOCK = ".lock";

    private final Path directory;
    private final FileChannel lock;

    private RunDirectory(Path directory, FileChannel lock) {
        this.directory = directory;
        this.lock = lock;
    }

    /** The place for a model's unfinished run. */
    public static Path of(Path output) {
        return output.resolveSibling(output.toAbsolutePath().normalize().getFileName() + SUFFIX);
    }

    /** The newest checkpoint in a directory, be it whole or not. */
    public static Optional<Checkpoint> newest(Path directory) {
        return checkpoints(directory).stream().findFirst();
    }

    /**
     * Opens a run's directory, makes it if there is none, and removes what a killed process left half written.
     *
     * @throws UserError if another run has it open, or it cannot be written
     */
    public static RunDirectory open(Path directory) {
        try {
            Files.createDirectories(directory);
            FileChannel lock =
                    FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(lock) == null) {
                lock.close();
                throw new UserError(
                        directory + " is in use by another run; wait for it to end, or choose another" + " --output");
            }
            RunDirectory run = new RunDirectory(directory, lock);
            run.sweep();
            return run;
        } catch (IOException e) {
            throw unwritable(directory, e);
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

    public Path directory() {
        return directory;
    }

    /** Begins a run: forgets the checkpoints of another one. */
    public void begin(RunConfig config, Instant startedAt) {
        try {
            for (Checkpoint checkpoint : checkpoints(directory)) {
                discard(checkpoint);
            }
            String started = Json.pretty(Json.object()
                    .put("started_at", startedAt.toString())
                    .put("parlance_version", RunIdentity.currentVersion()));
            write(directory.resolve(STARTED), started);
            keep(config);
        } catch (IOException e) {
            throw unwritable(directory, e);
        }
    }

    /** Remembers where the run is recorded, so that it is recorded there too when it goes on. */
    public void recordedIn(Path record) {
        try {
            ObjectNode started = Json.readObject(directory.resolve(STARTED));
            started.put(RECORDED_IN, record.toAbsolutePath().normalize().toString());
            write(directory.resolve(STARTED), Json.pretty(started));
        } catch (IOException e) {
            throw unwritable(directory, e);
        }
    }

    /** Where the run that lives here is recorded; empty if it is not. */
    public Optional<Path> record() {
        Path file = directory.resolve(STARTED);
        return Files.exists(file)
                ? Optional.ofNullable(Json.readObject(file).path(RECORDED_IN).textValue())
                        .map(Path::of)
                : Optional.empty();
    }

    /** Remembers the settings that the run goes on with. */
    public void keep(RunConfig config) {
        try {
            write(directory.resolve(CONFIG), ConfigFiles.toYaml(config));
        } catch (IOException e) {
            throw unwritable(directory, e);
        }
    }

    private static void write(Path file, String text) throws IOException {
        AtomicFiles.write(file, channel -> channel.write(StandardCharsets.UTF_8.encode(text)));
    }

    /** When the run that lives here first began; empty if none does. */
    public static Optional<Instant> startedAt(Path directory) {
        Path file = directory.resolve(STARTED);
        return Files.exists(file)
                ? Optional.of(
                        Instant.parse(Json.readObject(file).path("started_at").asText()))
                : Optional.empty();
    }

    /** The version of Parlance that began the run, or this one if that is not known. */
    static String version(Path directory) {
        Path file = directory.resolve(STARTED);
        String here = RunIdentity.currentVersion();
        return Files.exists(file)
                ? Json.readObject(file).path("parlance_version").asText(here)
                : here;
    }

    /** Whether the model at {@code output} was written by the run that lives in a directory, which may replace it. */
    public static boolean wrote(Path directory, Path output) {
        if (!Files.isRegularFile(output.resolve(ModelBundle.CONFIG))) {
            return false;
        }
        String written = ModelBundle.open(output)
                .provenance()
                .map(provenance -> provenance.path("started_at").asText())
                .orElse("");
        return startedAt(directory)
                .map(Instant::toString)
                .filter(written::equals)
                .isPresent();
    }

    /**
     * Writes a checkpoint, then deletes those that it makes superfluous: of later steps, which are of a past that was given
     * up, and the oldest beyond the limit.
     *
     * @param limit newest checkpoints to keep; 0 keeps all
     * @param filler writes the files; the manifest is added to them
     * @throws UserError if the disk fails or is full; the checkpoints before are then as they were
     */
    public Checkpoint save(long step, int limit, AtomicDirectory.Filler filler) {
        Path target = directory.resolve(Checkpoint.name(step));
        try {
            new AtomicDirectory(target).write(temporary -> {
                filler.fill(temporary);
                Manifest.write(temporary);
            });
            List<Checkpoint> all = checkpoints(directory);
            int kept = 0;
            for (Checkpoint checkpoint : all) {
                if (checkpoint.step() > step || (limit > 0 && kept >= limit)) {
                    discard(checkpoint);
                } else {
                    kept++;
                }
            }
        } catch (IOException e) {
            throw new UserError(
                    "the checkpoint cannot be written to " + target + ": " + e.getMessage()
                            + "; make room and go on with --resume, or train with --save-strategy no",
                    e);
        }
        return new Checkpoint(target, step);
    }

    /**
     * The newest checkpoint that is as it was written.
     *
     * @param lastStep of which it may be at most
     * @param notice gets a line for each that is not
     */
    public Optional<Checkpoint> newestIntact(long lastStep, Consumer<String> notice) {
        for (Checkpoint checkpoint : checkpoints(directory)) {
            Optional<String> defect =
                    checkpoint.step() > lastStep ? Optional.of("") : Manifest.defect(checkpoint.directory());
            if (defect.isEmpty()) {
                return Optional.of(checkpoint);
            }
            if (!defect.get().isEmpty()) {
                notice.accept(checkpoint.directory() + " is damaged and not used: " + defect.get());
            }
        }
        return Optional.empty();
    }

    /** Deletes the directory, once the run is finished. */
    public void delete() {
        try {
            lock.close();
            delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets go of the directory; one without any checkpoint is deleted. */
    @Override
    public void close() {
        if (lock.isOpen() && checkpoints(directory).isEmpty()) {
            delete();
        }
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All checkpoints, newest first. */
    private static List<Checkpoint> checkpoints(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.list(directory)) {
            return paths.flatMap(path -> Checkpoint.of(path).stream())
                    .sorted(Comparator.reverseOrder())
                    .toList();
        } catch (IOException e) {
            throw new UserError(directory + " cannot be read: " + e.getMessage(), e);
        }
    }

    private void sweep() throws IOException {
        try (Stream<Path> paths = Files.list(directory)) {
            for (Path path : paths.filter(RunDirectory::isLeftOver).toList()) {
                delete(path);
            }
        }
    }

    private static boolean isLeftOver(Path path) {
        return String.valueOf(path.getFileName()).matches("\\..*\\.(tmp|old)(-.*)?");
    }

    /** Deletes under a hidden name, so that no half of a checkpoint is taken for one. */
    private void discard(Checkpoint checkpoint) throws IOException {
        Path hidden = directory.resolve("." + checkpoint.directory().getFileName() + ".old-" + System.nanoTime());
        delete(Files.move(checkpoint.directory(), hidden, StandardCopyOption.ATOMIC_MOVE));
    }

    private static void delete(Path path) throws IOException {
        try (Stream<Path> paths = Files.walk(path)) {
            for (Path found : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(found);
            }
        }
    }

    private static UserError unwritable(Path directory, IOException e) {
        return new UserError(
                directory + " cannot be written: " + e.getMessage()
                        + "; choose another --output, or train without checkpoints: --save-strategy no",
                e);
    }
}
