package dev.parlance.train.loop;

import dev.parlance.bundle.BundleWriter;
import dev.parlance.bundle.ModelBundle;
import dev.parlance.config.Contradictions;
import dev.parlance.config.RunConfig;
import dev.parlance.config.UserError;
import dev.parlance.data.Splits;
import dev.parlance.task.TextClassification;
import dev.parlance.tokenize.Tokenizer;
import dev.parlance.train.checkpoint.Resume;
import dev.parlance.train.checkpoint.RunDirectory;
import dev.parlance.train.encoder.EncoderConfig;
import dev.parlance.train.hub.ModelStore;
import dev.parlance.train.hub.ProgressListener;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * From files of labelled text to a measured model on disk: reads and splits the data, fetches the pretrained encoder,
 * trains, keeps the best epoch, measures it, and writes it with its ONNX graph. With {@code model.model_name_or_path} set to
 * {@code linear} a linear model is trained in its place, by the same calls and with the same results.
 */
public final class FineTuning {
    private final RunConfig config;
    private final ModelStore store;
    private final TrainingListener listener;
    private final Resume resume;

    private FineTuning(RunConfig config, ModelStore store, TrainingListener listener, Resume resume) {
        this.config = config;
        this.store = store;
        this.listener = listener;
        this.resume = resume;
    }

    /** Runs with the models of {@code PARLANCE_HOME} or {@code ~/.cache/parlance}, and reports to nobody. */
    public static TrainingResult run(RunConfig config) {
        ModelStore store = ModelStore.fromEnvironment(System.getenv(), ProgressListener.NONE);
        return run(config, store, List.of(), TrainingListener.NONE, () -> false);
    }

    /**
     * Runs anew, to the end or until a stop is requested; then a checkpoint is written, and the best so far is measured and
     * saved.
     *
     * @param config the settings; {@code auto} values are resolved
     * @param store where pretrained models come from
     * @param command the words that the user typed, for the model card; empty if a program calls
     * @param listener hears how it goes
     * @param stopRequested asked after every step
     * @throws UserError if settings, data or model cannot be used, the loss is no longer a number, or there is an unfinished
     *     run of this model that {@code overwrite_output_dir} does not give up
     */
    public static TrainingResult run(
            RunConfig config,
            ModelStore store,
            List<String> command,
            TrainingListener listener,
            BooleanSupplier stopRequested) {
        return run(config, store, command, listener, stopRequested, Resume.NO);
    }

    /**
     * As {@link #run(RunConfig, ModelStore, List, TrainingListener, BooleanSupplier)}, or goes on from a checkpoint, to the
     * weights that the run would have had without the break, bit by bit.
     *
     * @param resume whether to go on; {@link Resume#savedConfig} has the settings of a run that was named
     * @throws UserError also if the checkpoint is of a run with other settings, data or threads
     */
    public static TrainingResult run(
            RunConfig config,
            ModelStore store,
            List<String> command,
            TrainingListener listener,
            BooleanSupplier stopRequested,
            Resume resume) {
        if (LinearRun.isAskedFor(config)) { // takes seconds: there is nothing to go on from
            return LinearRun.run(config, command, listener, stopRequested);
        }
        FineTuning fineTuning = new FineTuning(config, store, listener, resume);
        try (Prepared prepared = fineTuning.prepare()) {
            return fineTuning.train(AutoBatchSizes.resolve(prepared, listener, resume), command, stopRequested);
        }
    }

    private TrainingResult train(Prepared prepared, List<String> command, BooleanSupplier stopRequested) {
        try (Tracking tracking = Tracking.start(
                prepared.config(), prepared.splits(), prepared.task(), command, RunProvenance::engine, listener)) {
            return tracking.record(() -> {
                try (FineTuningRun run = new FineTuningRun(prepared, tracking)) {
                    return run.run(stopRequested, command, resume);
                }
            });
        }
    }

    /** The settings with the directory that a run would write to, where {@code output_dir} is {@code auto}. */
    public static RunConfig withOutputDir(RunConfig config) {
        return Defaults.withOutputDir(config);
    }

    /** Everything that can be refused before training is looked at here, the cheapest first. */
    private Prepared prepare() {
        Contradictions.refuse(config);
        RunConfig placed = Defaults.withOutputDir(config);
        checkPlace(placed);
        listener.onPhase("Reading the data");
        Splits splits = Splits.read(placed.data());
        RunConfig chosen = Defaults.withModel(placed, splits);
        listener.onData(splits);
        TextClassification task = new TextClassification(splits.labels());
        Defaults.checkMetric(chosen.training(), task);
        listener.onPhase("Resolving the model " + chosen.model().modelNameOrPath());
        Path base = store.resolve(chosen.model().modelNameOrPath());
        EncoderConfig encoder = EncoderConfig.read(base.resolve(ModelBundle.CONFIG))
                .withDropout(chosen.model().dropout());
        RunConfig resolved = Defaults.withLearningRate(chosen, encoder.hiddenSize());
        int maxLength = Math.min(resolved.model().maxLength(), encoder.maxTokens());
        return new Prepared(resolved, splits, task, base, encoder, Tokenizer.load(base, maxLength));
    }

    /** Neither a model nor an unfinished run is given up unless that was asked for. */
    private void checkPlace(RunConfig placed) {
        Path output = Path.of(placed.outputDir());
        Path run = resume.runDirectory(output);
        RunDirectory.newest(run)
                .filter(checkpoint -> !resume.wanted() && !placed.overwriteOutputDir())
                .ifPresent(checkpoint -> {
                    throw new UserError("there is an unfinished run of " + output + ", saved after step "
                            + checkpoint.step() + " in " + run
                            + "; go on with --resume, or discard it and start over with --overwrite");
                });
        boolean own = resume.wanted() && RunDirectory.wrote(run, output);
        BundleWriter.check(output, placed.overwriteOutputDir() || own);
    }
}
