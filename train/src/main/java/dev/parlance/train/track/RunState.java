package dev.parlance.train.track;

import dev.parlance.config.RunConfig;
import dev.parlance.track.Machines;
import dev.parlance.track.RunInfo;
import dev.parlance.track.RunStatus;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What changes of a run while it goes on. Thread-safe. */
final class RunState {
    private final String id;
    private final RunConfig config;
    private final Instant startedAt;
    private final String host = Machines.hostName();
    private final long pid = ProcessHandle.current().pid();
    private RunStatus status = RunStatus.RUNNING;
    private @Nullable Instant finishedAt;
    private long step;
    private long steps;
    private RunInfo.@Nullable Best best;
    private Map<String, Map<String, Double>> scores = Map.of();
    private @Nullable String error;
    private @Nullable String trackingError;
    private @Nullable String earlierTrackingError;
    private List<RunInfo.Resumption> resumptions = List.of();

    RunState(String id, RunConfig config, Instant startedAt) {
        this.id = id;
        this.config = config;
        this.startedAt = startedAt;
    }

    /** The state of a run that goes on. */
    static RunState resumed(RunInfo before, RunConfig config, Continuation from, Instant now) {
        RunState state = new RunState(before.id(), config, before.startedAt());
        state.step = from.step();
        state.steps = before.steps();
        state.best = from.best();
        state.earlierTrackingError = before.trackingError();
        List<RunInfo.Resumption> all = new ArrayList<>(before.resumptions());
        all.add(new RunInfo.Resumption(before.lastSeenAt(), before.step(), now, from.step()));
        state.resumptions = List.copyOf(all);
        return state;
    }

    String host() {
        return host;
    }

    long pid() {
        return pid;
    }

    synchronized void planned(long newSteps) {
        steps = newSteps;
    }

    synchronized void stepped(long newStep) {
        step = newStep;
    }

    synchronized void best(RunInfo.Best newBest) {
        best = newBest;
    }

    synchronized void ended(RunStatus how, Map<String, Map<String, Double>> finalScores, @Nullable String why) {
        status = how;
        scores = finalScores;
        error = why;
        finishedAt = Instant.now();
    }

    synchronized void trackingFailed(String why) {
        trackingError = why;
    }

    synchronized @Nullable String trackingError() {
        return trackingError;
    }

    /** As it is now. */
    synchronized RunInfo info() {
        String data = config.data().train();
        return new RunInfo(
                id,
                status,
                startedAt,
                Instant.now(),
                finishedAt,
                host,
                pid,
                config.model().modelNameOrPath(),
                data == null ? "" : data,
                Path.of(config.outputDir()).toAbsolutePath().normalize().toString(),
                step,
                steps,
                best,
                scores,
                error,
                trackingError == null ? earlierTrackingError : trackingError,
                resumptions);
    }
}
