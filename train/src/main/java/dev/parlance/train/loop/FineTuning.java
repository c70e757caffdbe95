package dev.parlance.train.loop;

import dev.parlance.bundle.BundleContents;
import dev.parlance.bundle.BundleWriter;
import dev.parlance.bundle.ModelBundle;
import dev.parlance.config.Json;
import dev.parlance.config.RunConfig;
import dev.parlance.config.TrainingArguments;
import dev.parlance.config.UserError;
import dev.parlance.data.Dataset;
import dev.parlance.data.Splits;
import dev.parlance.metric.Report;
import dev.parlance.task.TextClassification;
import dev.parlance.tokenize.Tokenizer;
import dev.parlance.train.encoder.EncoderConfig;
import dev.parlance.train.export.OnnxExporter;
import dev.parlance.train.head.SequenceClassifier;
import dev.parlance.train.hub.ModelStore;
import dev.parlance.train.hub.ProgressListener;
import dev.parlance.train.tensor.Tensor;
import dev.parlance.train.tensor.Torch;
import dev.parlance.train.weights.Safetensors;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * From files of labelled text to a measured model on disk: reads and splits the data, fetches the pretrained encoder,
 * trains, keeps the best epoch, measures it, and writes it with its ONNX graph.
 */
public final class FineTuning {
    private final RunConfig config;
    private final ModelStore store;
    private final List<String> command;
    private final TrainingListener listener;
    private final BooleanSupplier stopRequested;
    private final Instant startedAt = Instant.now();

    private FineTuning(
            RunConfig config,
            ModelStore store,
            List<String> command,
            TrainingListener listener,
            BooleanSupplier stopRequested) {
        this.config = config;
        this.store = store;
        this.command = List.copyOf(command);
        this.listener = listener;
        this.stopRequested = stopRequested;
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
        return new FineTuning(config, store, command, listener, stopRequested).run();
    }

    private TrainingResult run() {
        listener.onPhase("Reading the data");
        RunConfig placed = Defaults.withOutputDir(config);
        BundleWriter.check(Path.of(placed.outputDir()), placed.overwriteOutputDir());
        Splits splits = Splits.read(placed.data());
        RunConfig chosen = Defaults.withModel(placed, splits);
        listener.onData(splits);
        listener.onPhase("Resolving the model " + chosen.model().modelNameOrPath());
        Path base = store.resolve(chosen.model().modelNameOrPath());
        EncoderConfig encoder = EncoderConfig.read(base.resolve(ModelBundle.CONFIG))
                .withDropout(chosen.model().dropout());
        RunConfig resolved = Defaults.withLearningRate(chosen, encoder.hiddenSize());
        int maxLength = Math.min(resolved.model().maxLength(), encoder.maxTokens());
        try (Tokenizer tokenizer = Tokenizer.load(base, maxLength)) {
            return train(resolved, splits, base, encoder, tokenizer);
        }
    }

    private TrainingResult train(
            RunConfig resolved, Splits splits, Path base, EncoderConfig encoder, Tokenizer tokenizer) {
        TrainingArguments arguments = resolved.training();
        TextClassification task = new TextClassification(splits.labels());
        Defaults.checkMetric(arguments, task);
        listener.onPhase("Tokenizing");
        Features train = Features.of(splits.train().examples(), task, tokenizer);
        Features validation = Features.of(splits.validation().examples(), task, tokenizer);
        Dataset testData = splits.test();
        Features test = testData == null ? null : Features.of(testData.examples(), task, tokenizer);
        Parallelism parallelism = Parallelism.of(arguments);
        Torch.initialize(parallelism.threadsPerWorker(), false);
        boolean bf16 = Defaults.bf16(arguments.precision());
        try (SequenceClassifier model =
                        load(resolved, base, encoder, task.labels().size());
                Workers workers = new Workers(parallelism.workers())) {
            listener.onBegin(plan(resolved, splits, model, train, bf16, parallelism.threads()));
            Evaluator evaluator = evaluator(model, validation, task, arguments, bf16, workers);
            Trainer.Outcome outcome = train(model, train, evaluator, task, arguments, bf16, workers, encoder);
            Report testReport = null;
            if (test != null) {
                listener.onPhase("Measuring on the test data");
                testReport = evaluator(model, test, task, arguments, false, workers)
                        .run()
                        .report();
            }
            ModelBundle bundle =
                    save(resolved, splits, base, task, model, tokenizer, outcome, testReport, parallelism.threads());
            return new TrainingResult(
                    bundle.directory(),
                    resolved,
                    outcome.validation(),
                    testReport,
                    outcome.bestStep(),
                    outcome.steps(),
                    outcome.throughput().seconds(),
                    outcome.throughput().tokensPerSecond(),
                    outcome.throughput().gigaFlopsPerSecond());
        }
    }

    private Trainer.Outcome train(
            SequenceClassifier model,
            Features train,
            Evaluator evaluator,
            TextClassification task,
            TrainingArguments arguments,
            boolean bf16,
            Workers workers,
            EncoderConfig encoder) {
        float @Nullable [] classWeights = ClassWeights.of(
                arguments.classWeights(), train.counts(task.labels().size()));
        try (DataParallel dataParallel = new DataParallel(model, workers, arguments, bf16, classWeights)) {
            Throughput throughput = Throughput.of(model, encoder);
            return new Trainer(
                            model,
                            train,
                            evaluator,
                            arguments,
                            dataParallel,
                            workers,
                            throughput,
                            listener,
                            stopRequested)
                    .run();
        }
    }

    private static Evaluator evaluator(
            SequenceClassifier model,
            Features features,
            TextClassification task,
            TrainingArguments arguments,
            boolean bf16,
            Workers workers) {
        return new Evaluator(new TorchModel(model, bf16), features, task, arguments.perDeviceEvalBatchSize(), workers);
    }

    private SequenceClassifier load(RunConfig resolved, Path base, EncoderConfig encoder, int labels) {
        try (Safetensors weights = Safetensors.openModel(base)) {
            SequenceClassifier.Loaded loaded = SequenceClassifier.load(
                    encoder,
                    labels,
                    weights,
                    base.toString(),
                    resolved.model().resetHead(),
                    resolved.training().seed());
            listener.onModel(loaded.report());
            return loaded.model();
        }
    }

    private TrainingListener.Plan plan(
            RunConfig resolved, Splits splits, SequenceClassifier model, Features train, boolean bf16, int threads) {
        Dataset test = splits.test();
        return new TrainingListener.Plan(
                resolved.model().modelNameOrPath(),
                parameters(model),
                train.size(),
                splits.validation().size(),
                test == null ? 0 : test.size(),
                splits.labels().size(),
                train.truncated(),
                Trainer.steps(train.size(), resolved.training()),
                bf16 ? "bf16" : "fp32",
                threads);
    }

    private ModelBundle save(
            RunConfig resolved,
            Splits splits,
            Path base,
            TextClassification task,
            SequenceClassifier model,
            Tokenizer tokenizer,
            Trainer.Outcome outcome,
            @Nullable Report test,
            int threads) {
        listener.onPhase("Saving to " + resolved.outputDir());
        Map<String, Report> reports = new LinkedHashMap<>();
        if (test != null) {
            reports.put("test", test);
        }
        reports.put("validation", outcome.validation());
        BundleContents contents = new BundleContents(
                Json.readObject(base.resolve(ModelBundle.CONFIG)),
                task,
                base,
                reports,
                resolved,
                RunProvenance.of(resolved, splits, command, startedAt, threads));
        return BundleWriter.write(
                Path.of(resolved.outputDir()),
                resolved.overwriteOutputDir(),
                contents,
                file -> Safetensors.write(file, model.toWeights()),
                file -> {
                    OnnxExporter.exportClassifier(model, file);
                    OnnxParity.check(file, model, splits.validation().examples(), tokenizer);
                });
    }

    private static long parameters(SequenceClassifier model) {
        return model.namedParameters().values().stream()
                .mapToLong(Tensor::numel)
                .sum();
    }
}
