package dev.parlance.train.checkpoint;

import dev.parlance.config.ConfigFiles;
import dev.parlance.config.RunConfig;
import dev.parlance.config.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a run goes on from a checkpoint, and from which.
 *
 * @param wanted false begins anew
 * @param from a model's directory, that of its unfinished run, or one checkpoint; null means that of the run's
 *     {@code output_dir}
 * @param anyway whether to go on though data, settings or versions have changed; the result is then that of neither
 */
public record Resume(boolean wanted, @Nullable Path from, boolean anyway) {
    /** Begins anew. */
    public static final Resume NO = new Resume(false, null, false);

    /** Goes on with the unfinished run of {@code output_dir}, or begins if there is none. */
    public static final Resume LATEST = new Resume(true, null, false);

    /** Goes on with the run that a directory belongs to. */
    public static Resume from(Path directory) {
        return new Resume(true, directory, false);
    }

    /** Where the unfinished run of a model is to be looked for. */
    public Path runDirectory(Path output) {
        return from == null ? RunDirectory.of(output) : directory(from);
    }

    /** The last step of which a checkpoint may be taken: that of the one that was named. */
    public long lastStep() {
        return from == null
                ? Long.MAX_VALUE
                : Checkpoint.of(from).map(Checkpoint::step).orElse(Long.MAX_VALUE);
    }

    /**
     * The settings of the run that was named; empty if none was.
     *
     * @throws UserError if there is no such run
     */
    public Optional<RunConfig> savedConfig() {
        if (from == null) {
            return Optional.empty();
        }
        Path directory = directory(from);
        if (!Files.isRegularFile(directory.resolve(RunDirectory.CONFIG))) {
            throw new UserError("there is no unfinished run in " + directory
                    + "; expected the directory of one, or of a" + " model whose training was interrupted");
        }
        try {
            return Optional.of(ConfigFiles.read(directory.resolve(RunDirectory.CONFIG)));
        } catch (UserError e) {
            String version = RunDirectory.version(directory);
            if (version.equals(RunIdentity.currentVersion())) {
                throw e;
            }
            throw new UserError(
                    directory + " was written by Parlance " + version + ", whose settings this version, "
                            + RunIdentity.currentVersion() + ", does not know; go on with Parlance " + version,
                    e);
        }
    }

    private static Path directory(Path named) {
        Path absolute = named.toAbsolutePath().normalize();
        Path parent = absolute.getParent();
        if (parent != null && Checkpoint.of(absolute).isPresent()) {
            return named.getParent() == null ? parent : named.getParent();
        }
        boolean run = String.valueOf(absolute.getFileName()).endsWith(RunDirectory.SUFFIX);
        return run ? named : RunDirectory.of(named);
    }
}
