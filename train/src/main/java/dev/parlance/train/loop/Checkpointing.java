package dev.parlance.train.loop;

import dev.parlance.config.Json;
import dev.parlance.config.TrainingArguments;
import dev.parlance.config.UserError;
import dev.parlance.metric.Report;
import dev.parlance.track.RunInfo;
import dev.parlance.train.checkpoint.Checkpoint;
import dev.parlance.train.checkpoint.Resume;
import dev.parlance.train.checkpoint.RunDirectory;
import dev.parlance.train.checkpoint.RunIdentity;
import dev.parlance.train.head.ModelWeights;
import dev.parlance.train.head.SequenceClassifier;
import dev.parlance.train.optim.Optimizer;
import dev.parlance.train.tensor.Tensor;
import dev.parlance.train.tensor.TensorScope;
import dev.parlance.train.track.Continuation;
import dev.parlance.train.weights.Safetensors;
import dev.parlance.train.weights.WeightSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes the state of the loop into the checkpoints of a run's directory, and takes it back. */
final class Checkpointing implements AutoCloseable {
    private static final String MODEL = "model.safetensors";
    private static final String BEST = "best.safetensors";
    private static final String AVERAGE = "average.safetensors";
    private static final String OPTIMIZER = "optimizer.safetensors";
    private static final String STATE = "state.json";
    private static final String IDENTITY = "identity.json";

    private final @Nullable RunDirectory directory;
    private final @Nullable Checkpoint from;
    private final Instant startedAt;
    private final RunIdentity identity;
    private final TrainingArguments arguments;
    private final TrainingListener listener;
    private long savedStep;

    /** What is saved besides numbers. */
    record Live(SequenceClassifier model, Optimizer optimizer, BestSoFar best, WeightAverage average) {}

    private Checkpointing(
            @Nullable RunDirectory directory,
            @Nullable Checkpoint from,
            Instant startedAt,
            RunIdentity identity,
            TrainingArguments arguments,
            TrainingListener listener) {
        this.directory = directory;
        this.from = from;
        this.startedAt = startedAt;
        this.identity = identity;
        this.arguments = arguments;
        this.listener = listener;
    }

    /** For loops without checkpoints. */
    static Checkpointing none(TrainingArguments arguments) {
        RunIdentity nobody = new RunIdentity(RunIdentity.FORMAT, "", Json.object(), Map.of());
        return new Checkpointing(null, null, Instant.now(), nobody, arguments, TrainingListener.NONE);
    }

    /**
     * Opens the directory of a run and looks for the checkpoint to go on from.
     *
     * @throws UserError if another run has it open, or its checkpoint is of another run
     */
    static Checkpointing open(Prepared prepared, RunIdentity identity, Resume resume, TrainingListener listener) {
        Path path = resume.runDirectory(Path.of(prepared.config().outputDir()));
        TrainingArguments arguments = prepared.config().training();
        Instant now = Instant.now();
        if (arguments.saveStrategy().equals("no") && !Files.exists(path)) {
            return new Checkpointing(null, null, now, identity, arguments, listener);
        }
        RunDirectory directory = RunDirectory.open(path);
        try {
            Instant first = resume.wanted() ? RunDirectory.startedAt(path).orElse(now) : now;
            Optional<Checkpoint> from =
                    resume.wanted() ? directory.newestIntact(resume.lastStep(), listener::onNotice) : Optional.empty();
            if (from.isPresent()) {
                RunIdentity saved = RunIdentity.read(from.get().json(IDENTITY));
                identity.check(saved, from.get().directory(), resume.anyway())
                        .forEach(difference -> listener.onNotice("changed since the checkpoint: " + difference));
                directory.keep(prepared.config());
                return new Checkpointing(directory, from.get(), first, identity, arguments, listener);
            }
            if (resume.wanted()) {
                listener.onNotice("there is no checkpoint to go on from in " + path + "; starting from the beginning");
            }
            directory.begin(prepared.config(), first);
            return new Checkpointing(directory, null, first, identity, arguments, listener);
        } catch (RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    /** When the run first began. */
    Instant startedAt() {
        return startedAt;
    }

    /** What was recorded of the run up to the checkpoint that it goes on from; null if it begins, or was not recorded. */
    @Nullable
    Continuation recorded() {
        if (directory == null || from == null) {
            return null;
        }
        Path record = directory.record().orElse(null);
        if (record == null) {
            return null;
        }
        TrainerState state = TrainerState.fromJson(from.json(STATE));
        long step = state.position().step();
        boolean measured = state.measuredStep() == step;
        TrainerState.Best best = state.best();
        if (best == null) {
            return new Continuation(record, step, measured, null, null);
        }
        BestMetric metric = BestMetric.of(arguments);
        double value = metric.greaterIsBetter() ? best.score() : -best.score();
        return new Continuation(
                record,
                step,
                measured,
                new RunInfo.Best(metric.name(), value, best.step()),
                Report.fromJson(best.report()));
    }

    /** Remembers where the run is recorded, if it can be resumed at all. */
    void recordedIn(Path record) {
        if (directory != null) {
            directory.recordedIn(record);
        }
    }

    /** Brings everything to where the checkpoint left it; empty if the run begins. */
    Optional<TrainerState> restore(Live live) {
        if (from == null) {
            return Optional.empty();
        }
        TrainerState state = TrainerState.fromJson(from.json(STATE));
        fill(live.model().namedParameters(), from.file(MODEL));
        restore(live.optimizer(), from.file(OPTIMIZER));
        if (live.average().isWanted()) {
            fill(live.average().averages(), from.file(AVERAGE));
            live.average().restore(state.averaged());
        }
        TrainerState.Best best = state.best();
        if (best != null) {
            boolean current = isOfModel(best, state);
            fill(live.best().weights().copies(), from.file(current ? MODEL : BEST));
            live.best().restore(new BestSoFar.Measurement(best.step(), best.score(), Report.fromJson(best.report())));
        }
        savedStep = state.position().step();
        listener.onNotice("going on after step " + savedStep + ", from " + from.directory());
        return Optional.of(state);
    }

    private static void restore(Optimizer optimizer, Path file) {
        try (Safetensors saved = Safetensors.open(file);
                TensorScope scope = TensorScope.open()) {
            Map<String, Tensor> state = new LinkedHashMap<>();
            for (String name : saved.names()) {
                Tensor tensor = Tensor.zeros(saved.shape(name));
                tensor.withBuffer(buffer -> saved.copyInto(name, buffer));
                state.put(name, tensor);
            }
            optimizer.restore(state);
        }
    }

    private static void fill(Map<String, Tensor> tensors, Path file) {
        try (Safetensors saved = Safetensors.open(file)) {
            tensors.forEach((name, tensor) -> {
                if (!saved.names().contains(name) || !Arrays.equals(saved.shape(name), tensor.shape())) {
                    throw new UserError(file + " has no " + name + " of shape " + Arrays.toString(tensor.shape())
                            + ", which the model needs; start over with --overwrite");
                }
                tensor.withBuffer(buffer -> saved.copyInto(name, buffer));
            });
        }
    }

    /** Writes a checkpoint, unless there is one of this step or the run is to have none. */
    void save(TrainerState state, Live live) {
        long step = state.position().step();
        if (directory == null || arguments.saveStrategy().equals("no") || step == savedStep) {
            return;
        }
        Checkpoint saved = directory.save(step, arguments.saveTotalLimit(), temporary -> write(temporary, state, live));
        savedStep = step;
        listener.onCheckpoint(saved.directory(), step);
    }

    private void write(Path to, TrainerState state, Live live) throws IOException {
        Safetensors.write(to.resolve(MODEL), live.model().toWeights());
        Safetensors.write(
                to.resolve(OPTIMIZER), new ModelWeights(live.optimizer().state()));
        if (live.average().isWanted()) {
            Safetensors.write(
                    to.resolve(AVERAGE), new ModelWeights(live.average().averages()));
        }
        TrainerState.Best best = state.best();
        if (best != null && !isOfModel(best, state)) {
            WeightSource weights = live.best().weights().weights();
            Safetensors.write(to.resolve(BEST), weights);
        }
        Files.writeString(to.resolve(STATE), Json.pretty(state.toJson()));
        Files.writeString(to.resolve(IDENTITY), Json.pretty(Json.tree(identity)));
    }

    /** Whether the best weights are those of the model, and not older ones or an average. */
    private static boolean isOfModel(TrainerState.Best best, TrainerState state) {
        return best.step() == state.position().step() && state.averaged() == 0;
    }

    /** The directory to go on from later; null if there is no checkpoint. */
    @Nullable
    Path resumable() {
        return directory == null
                ? null
                : RunDirectory.newest(directory.directory()).isPresent() ? directory.directory() : null;
    }

    /** Whether the model there was written by this run when it was stopped before. */
    boolean wrote(Path output) {
        return directory != null && RunDirectory.wrote(directory.directory(), output);
    }

    /** Deletes the checkpoints of a run that is finished and saved. */
    void finish() {
        if (directory != null) {
            directory.delete();
        }
    }

    @Override
    public void close() {
        if (directory != null) {
            directory.close();
        }
    }
}
