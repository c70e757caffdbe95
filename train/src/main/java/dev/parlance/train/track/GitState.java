package dev.parlance.train.track;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which version of the user's files a run was made with.
 *
 * @param commit id of the commit that is checked out
 * @param branch its branch, or null if none is checked out
 * @param changedFiles files that differ from the commit or are not in it, or null if git could not tell in time
 */
record GitState(
        String commit, @Nullable String branch, @Nullable Long changedFiles) {
    private static final long TIMEOUT_SECONDS = 5;
    private static final int MAX_OUTPUT_BYTES = 16 << 20;

    /** Asks git; empty without git, outside of a repository, or before its first commit. */
    static Optional<GitState> of(Path directory) {
        Optional<String> commit =
                git(directory, "rev-parse", "--verify", "HEAD").map(String::strip);
        if (commit.isEmpty()) {
            return Optional.empty();
        }
        String branch = git(directory, "symbolic-ref", "--short", "-q", "HEAD")
                .map(String::strip)
                .orElse(null);
        Long changed = git(directory, "status", "--porcelain")
                .map(output -> output.lines().count())
                .orElse(null);
        return Optional.of(new GitState(commit.get(), branch, changed));
    }

    /** What a git command prints, or nothing if it fails, takes too long or prints too much. */
    private static Optional<String> git(Path directory, String... words) {
        List<String> command = Stream.concat(Stream.of("git", "--no-optional-locks"), Stream.of(words))
                .toList();
        try {
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(false)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            process.onExit().orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).exceptionally(late -> {
                process.destroyForcibly(); // which ends the reading below
                return process;
            });
            byte[] output;
            try (InputStream in = process.getInputStream()) {
                output = in.readNBytes(MAX_OUTPUT_BYTES);
            }
            boolean ended = process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            return ended && process.exitValue() == 0
                    ? Optional.of(new String(output, StandardCharsets.UTF_8))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // there is no git
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
