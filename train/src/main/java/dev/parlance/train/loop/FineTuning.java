package dev.parlance.train.loop;

import dev.parlance.bundle.BundleWriter;
import dev.parlance.bundle.ModelBundle;
import dev.parlance.config.Contradictions;
import dev.parlance.config.RunConfig;
import dev.parlance.config.TrainingArguments;
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
import org.jspecify.annotations.Nullable;

/**
 * From files of labelled text to a measured model on disk: reads and splits the data, fetches the pretrained encoder,
 * trains, keeps the best epoch, measures it, and writes it with its ONNX graph. With {@code model.model_name_or_path} set to
 * {@code linear} a linear model is trained in its place, by the same calls and with the same results.
 */
public final class FineTuning {
    private static final int MOST_TOKENS = 100_000;

    private final RunConfig config;
    private final ModelStore store;
    private final TrainingListener listener;
    private final Resume resume;
    private final @Nullable RunData given;

    private FineTuning(
            RunConfig config, ModelStore store, TrainingListener listener, Resume resume, @Nullable RunData given) {
        this.given = given;
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
        return new FineTuning(config, store, listener, resume, null).run(command, stopRequested);
    }

    /**
     * As {@link #run(RunConfig, ModelStore, List, TrainingListener, BooleanSupplier, Resume)} for one of several models of
     * which one is to be chosen: on data that was read already, and without a look at its test part.
     */
    public static TrainingResult runCandidate(
            RunConfig config,
            Splits splits,
            ModelStore store,
            TrainingListener listener,
            BooleanSupplier stopRequested,
            Resume resume) {
        return new FineTuning(config, store, listener, resume, new RunData(splits, false))
                .run(List.of(), stopRequested);
    }

    /**
     * Measures for some seconds how fast the model of these settings trains on this data and this machine.
     *
     * @param config the settings; texts are measured as the encoder could take them, beyond {@code model.max_length}
     */
    public static TrainingCost cost(RunConfig config, Splits splits, ModelStore store) {
        RunConfig whole = config.with("model.max_length", MOST_TOKENS).with("overwrite_output_dir", true);
        if (config.training().perDeviceTrainBatchSize() == TrainingArguments.AUTO) {
            whole = whole.with("training.per_device_train_batch_size", TrainingArguments.TRAIN_BATCH_SIZE);
        }
        FineTuning fineTuning =
                new FineTuning(whole, store, TrainingListener.NONE, Resume.NO, new RunData(splits, false));
        try (Prepared prepared = fineTuning.prepare()) {
            return CostProbe.measure(prepared, config.model().maxLength());
        }
    }

    private TrainingResult run(List<String> command, BooleanSupplier stopRequested) {
        if (LinearRun.isAskedFor(config)) { // takes seconds: there is nothing to go on from
            return LinearRun.run(config, given, command, listener, stopRequested);
        }
        try (Prepared prepared = prepare()) {
            return train(AutoBatchSizes.resolve(prepared, listener, resume), command, stopRequested);
        }
    }

    private TrainingResult train(Prepared prepared, List<String> command, BooleanSupplier stopRequested) {
        try (FineTuningRun run = new FineTuningRun(prepared, listener)) {
            return run.run(stopRequested, command, resume);
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
        RunData data = given == null ? RunData.read(placed.data(), listener) : given;
        Splits splits = data.splits();
        RunConfig chosen = Defaults.withModel(placed, splits);
        TextClassification task = new TextClassification(splits.labels());
        Defaults.checkMetric(chosen.training(), task);
        listener.onPhase("Resolving the model " + chosen.model().modelNameOrPath());
        Path base = store.resolve(chosen.model().modelNameOrPath());
        EncoderConfig encoder = EncoderConfig.read(base.resolve(ModelBundle.CONFIG))
                .withDropout(chosen.model().dropout());
        RunConfig resolved = Defaults.withLearningRate(chosen, encoder.hiddenSize());
        int maxLength = Math.min(resolved.model().maxLength(), encoder.maxTokens());
        return new Prepared(resolved, data, task, base, encoder, Tokenizer.load(base, maxLength));
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
