package dev.parlance.track;

import dev.parlance.config.Spelling;
import dev.parlance.config.TrackingConfig;
import dev.parlance.config.UserError;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The runs of a directory. A directory in it without {@code run.json} is no run and is passed over. Immutable. */
public final class RunStore {
    /** Most runs that are looked at: the newest by name. */
    public static final int MAX_RUNS = 10_000;

    private static final int SHOWN_IDS = 5;

    private static final Comparator<TrackedRun> BY_TIME =
            Comparator.comparing((TrackedRun run) -> run.info().startedAt()).thenComparing(TrackedRun::id);

    /** Of an id, such as {@code 20260131-235959}. */
    private static final int TIME_CHARS = 15;

    private final Path directory;

    /** The runs below a directory, which need not exist. */
    public RunStore(Path directory) {
        this.directory = directory;
    }

    /** The runs where training puts them by default. */
    public static RunStore ofDefaults(Map<String, String> environment) {
        return new RunStore(TrackingConfig.defaults().directory(environment));
    }

    /** Where the runs are. */
    public Path directory() {
        return directory;
    }

    /**
     * The runs, newest first; at most {@link #MAX_RUNS}.
     *
     * @param unreadable told of each run that cannot be read, which is then left out
     * @throws UserError if the directory cannot be read
     */
    public List<TrackedRun> runs(Consumer<String> unreadable) {
        List<TrackedRun> runs = new ArrayList<>();
        List<String> ids = ids();
        if (ids.size() > MAX_RUNS) {
            unreadable.accept(directory + " has " + ids.size() + " runs; only the newest " + MAX_RUNS + " are shown");
        }
        for (String id : ids.subList(0, Math.min(MAX_RUNS, ids.size()))) {
            try {
                runs.add(TrackedRun.read(directory.resolve(id)));
            } catch (UserError e) {
                unreadable.accept(e.getMessage());
            }
        }
        runs.sort(BY_TIME.reversed());
        return runs;
    }

    /**
     * The run of that id. The beginning or the end of an id will do if no other run has it, and {@code last} is the newest.
     *
     * @throws UserError if there is no such run, or more than one
     */
    public TrackedRun run(String id) {
        List<String> ids = ids();
        if (ids.isEmpty()) {
            throw new UserError("there are no runs in " + directory
                    + ", expected a directory that training has recorded to; pass --runs-dir DIR");
        }
        if (ids.contains(id)) {
            return TrackedRun.read(directory.resolve(id));
        }
        if (id.equals("last")) {
            return newest(ids);
        }
        List<String> meant = id.isEmpty()
                ? List.of()
                : ids.stream()
                        .filter(known -> known.startsWith(id) || known.endsWith(id))
                        .toList();
        if (meant.size() == 1) {
            return TrackedRun.read(directory.resolve(meant.get(0)));
        }
        throw meant.isEmpty() ? unknown(id, ids) : ambiguous(id, meant);
    }

    /** Ids tell the second alone; of runs that began in the same one, their records tell which is newer. */
    private TrackedRun newest(List<String> ids) {
        String newest = ids.get(0);
        String second = newest.substring(0, Math.min(TIME_CHARS, newest.length()));
        return ids.stream()
                .filter(id -> id.startsWith(second))
                .map(id -> TrackedRun.read(directory.resolve(id)))
                .max(BY_TIME)
                .orElseThrow();
    }

    private UserError unknown(String id, List<String> ids) {
        List<String> near = ids.stream()
                .filter(known -> known.contains(id))
                .limit(SHOWN_IDS)
                .toList();
        if (near.isEmpty()) {
            near = Spelling.nearest(id, ids).map(List::of).orElse(List.of());
        }
        String hint = near.isEmpty() ? "the newest is " + ids.get(0) : "did you mean " + String.join(", ", near) + "?";
        return new UserError("there is no run '" + id + "' in " + directory + "; " + hint);
    }

    private static UserError ambiguous(String id, List<String> meant) {
        return new UserError("'" + id + "' fits " + meant.size() + " runs, expected one: "
                + String.join(", ", meant.subList(0, Math.min(SHOWN_IDS, meant.size())))
                + (meant.size() > SHOWN_IDS ? ", ..." : ""));
    }

    /** Newest first, as far as ids begin with their time. */
    private List<String> ids() {
        List<String> ids = new ArrayList<>();
        if (!Files.isDirectory(directory)) {
            return ids;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                if (Files.isRegularFile(entry.resolve(RunFiles.INFO))) {
                    ids.add(String.valueOf(entry.getFileName()));
                }
            }
        } catch (IOException e) {
            throw new UserError(directory + " cannot be read: " + e, e);
        }
        ids.sort(Comparator.reverseOrder());
        return ids;
    }
}
