package dev.parlance.train.track;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Names for runs: their time in UTC, by which they sort, and a word that people recognise. */
final class RunDirectory {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int MAX_NAME_CHARS = 60;
    private static final int MAX_TRIES = 10_000;

    private RunDirectory() {}

    /**
     * Makes a directory that no other run has, not even one that starts at the same moment in another process: making a
     * directory succeeds for one of them only.
     */
    static Path create(Path runs, String name, Instant now) throws IOException {
        Files.createDirectories(runs);
        String id = TIME.format(now) + "-" + word(name);
        for (int i = 1; i <= MAX_TRIES; i++) {
            Path directory = runs.resolve(i == 1 ? id : id + "-" + i);
            try {
                return Files.createDirectory(directory);
            } catch (FileAlreadyExistsException e) {
                // another run of this second has it; the next number may be free
            }
        }
        throw new IOException(runs + " has " + MAX_TRIES + " runs of the same second and name");
    }

    /** Letters and digits of all scripts, dots, hyphens and underscores; hyphens for the rest. */
    static String word(String name) {
        StringBuilder word = new StringBuilder();
        name.codePoints()
                .map(c -> Character.isLetterOrDigit(c) || c == '.' || c == '_' ? c : '-')
                .limit(MAX_NAME_CHARS)
                .forEach(word::appendCodePoint);
        String trimmed = word.toString().replaceAll("-{2,}", "-").replaceAll("^[-.]+|[-.]+$", "");
        return trimmed.isEmpty() ? "run" : trimmed;
    }
}
