package dev.parlance.train.loop;

import dev.parlance.bundle.BundleWriter;
import dev.parlance.bundle.ModelBundle;
import dev.parlance.config.RunConfig;
import dev.parlance.config.UserError;
import dev.parlance.data.Splits;
import dev.parlance.task.TextClassification;
import dev.parlance.tokenize.Tokenizer;
import dev.parlance.train.encoder.EncoderConfig;
import dev.parlance.train.hub.ModelStore;
import dev.parlance.train.hub.ProgressListener;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * From files of labelled text to a measured model on disk: reads and splits the data, fetches the pretrained encoder,
 * trains, keeps the best epoch, measures it, and writes it with its ONNX graph.
 */
public final class FineTuning {
    private final RunConfig config;
    private final ModelStore store;
    private final TrainingListener listener;

    private FineTuning(RunConfig config, ModelStore store, TrainingListener listener) {
        this.config = config;
        this.store = store;
        this.listener = listener;
    }

    /** Runs with the models of {@code PARLANCE_HOME} or {@code ~/.cache/parlance}, and reports to nobody. */
    public static TrainingResult run(RunConfig config) {
        ModelStore store = ModelStore.fromEnvironment(System.getenv(), ProgressListener.NONE);
        return run(config, store, List.of(), TrainingListener.NONE, () -> false);
    }

    /**
     * Runs to the end, or until a stop is requested; then the best epoch so far is measured and saved.
     *
     * @param config the settings; {@code auto} values are resolved
     * @param store where pretrained models come from
     * @param command the words that the user typed, for the model card; empty if a program calls
     * @param listener hears how it goes
     * @param stopRequested asked after every step
     * @throws UserError if settings, data or model cannot be used, or the loss is no longer a number
     */
    public static TrainingResult run(
            RunConfig config,
            ModelStore store,
            List<String> command,
            TrainingListener listener,
            BooleanSupplier stopRequested) {
        FineTuning fineTuning = new FineTuning(config, store, listener);
        Instant startedAt = Instant.now();
        try (Prepared prepared = fineTuning.prepare();
                FineTuningRun run = new FineTuningRun(prepared, listener)) {
            return run.run(stopRequested, command, startedAt);
        }
    }

    /** Everything that can be refused before training is looked at here, the cheapest first. */
    private Prepared prepare() {
        config.training().refuseContradictions();
        listener.onPhase("Reading the data");
        RunConfig placed = Defaults.withOutputDir(config);
        BundleWriter.check(Path.of(placed.outputDir()), placed.overwriteOutputDir());
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
}
