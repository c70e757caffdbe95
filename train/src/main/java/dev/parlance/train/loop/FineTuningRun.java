package dev.parlance.train.loop;

import dev.parlance.bundle.BundleContents;
import dev.parlance.bundle.BundleWriter;
import dev.parlance.bundle.ModelBundle;
import dev.parlance.config.Json;
import dev.parlance.config.RunConfig;
import dev.parlance.config.TrainingArguments;
import dev.parlance.data.Dataset;
import dev.parlance.data.Example;
import dev.parlance.metric.Report;
import dev.parlance.train.checkpoint.Resume;
import dev.parlance.train.checkpoint.RunIdentity;
import dev.parlance.train.export.OnnxExporter;
import dev.parlance.train.export.OnnxParity;
import dev.parlance.train.head.SequenceClassifier;
import dev.parlance.train.profile.Phase;
import dev.parlance.train.profile.Profile;
import dev.parlance.train.profile.Profiler;
import dev.parlance.train.profile.Recording;
import dev.parlance.train.tensor.GemmProbe;
import dev.parlance.train.tensor.Tensor;
import dev.parlance.train.tensor.Torch;
import dev.parlance.train.tensor.TorchInfo;
import dev.parlance.train.weights.Safetensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Trains, measures and saves what was prepared; owns the layers and the threads. */
final class FineTuningRun implements AutoCloseable {
    private static final long PEAK_MILLIS = 300;
    private static final int PARITY_TEXTS = 24;

    private final Prepared prepared;
    private final RunConfig config;
    private final TrainingArguments arguments;
    private final TrainingListener listener;
    private final Parallelism parallelism;
    private final boolean bf16;
    private final SequenceClassifier model;
    private final Profiler profiler;
    private final Workers workers;
    private @Nullable Path profileDirectory;
    private @Nullable Profile profile;

    FineTuningRun(Prepared prepared, TrainingListener listener) {
        this.prepared = prepared;
        this.config = prepared.config();
        this.arguments = config.training();
        this.listener = listener;
        this.parallelism = Parallelism.of(arguments);
        this.bf16 = Defaults.bf16(arguments.precision());
        Torch.initialize(parallelism.threadsPerWorker(), false);
        this.model = BaseModel.load(prepared, listener);
        this.profiler = Profiler.of(arguments, parallelism.workers(), this::save);
        this.workers = new Workers(parallelism.workers(), profiler);
    }

    TrainingResult run(BooleanSupplier stopRequested, List<String> command, Resume resume) {
        RunIdentity identity = RunIdentities.of(prepared, parallelism, bf16);
        try (Checkpointing checkpointing = Checkpointing.open(prepared, identity, resume, listener);
                Tracking tracking = Tracking.start(prepared, command, checkpointing, listener)) {
            return tracking.record(() -> run(stopRequested, command, checkpointing, tracking));
        }
    }

    private TrainingResult run(
            BooleanSupplier stopRequested, List<String> command, Checkpointing checkpointing, Tracking tracking) {
        listener.onPhase("Tokenizing");
        Features train = features(prepared.splits().train());
        Features validation = features(prepared.splits().validation());
        tracking.onBegin(plan(train));
        profileDirectory = tracking.profileDirectory(config);
        Trainer.Outcome outcome = train(train, validation, checkpointing, tracking, stopRequested);
        Map<String, Report> reports = reports(validation, outcome);
        listener.onPhase("Saving to " + config.outputDir());
        ModelBundle bundle = save(reports, command, checkpointing);
        return result(bundle, outcome, reports, unfinished(checkpointing, outcome));
    }

    /** Where a stopped run can go on from; the checkpoints of a finished one are deleted. */
    private static @Nullable Path unfinished(Checkpointing checkpointing, Trainer.Outcome outcome) {
        if (outcome.ending() == Ending.REQUESTED) {
            return checkpointing.resumable();
        }
        checkpointing.finish();
        return null;
    }

    private TrainingResult result(
            ModelBundle bundle, Trainer.Outcome outcome, Map<String, Report> reports, @Nullable Path unfinished) {
        return new TrainingResult(
                bundle.directory(),
                config,
                reports.getOrDefault("validation", outcome.validation()),
                reports.get("test"),
                outcome.bestStep(),
                outcome.steps(),
                outcome.ending() == Ending.REQUESTED,
                unfinished,
                outcome.throughput().seconds(),
                outcome.throughput().tokensPerSecond(),
                outcome.throughput().gigaFlopsPerSecond(),
                profile);
    }

    private Features features(Dataset data) {
        return Features.of(data.examples(), prepared.task(), prepared.tokenizer());
    }

    private TrainingListener.Plan plan(Features train) {
        Dataset test = prepared.data().test();
        return new TrainingListener.Plan(
                config.model().modelNameOrPath(),
                model.namedParameters().values().stream()
                        .mapToLong(Tensor::numel)
                        .sum(),
                train.size(),
                prepared.splits().validation().size(),
                test == null ? 0 : test.size(),
                prepared.task().labels().size(),
                train.truncated(),
                StepCount.of(train, arguments).all(),
                bf16 ? "bf16" : "fp32",
                parallelism.threads());
    }

    private Trainer.Outcome train(
            Features train,
            Features validation,
            Checkpointing checkpointing,
            TrainingListener tracking,
            BooleanSupplier stopRequested) {
        float @Nullable [] classWeights = ClassWeights.of(
                arguments.classWeights(), train.counts(prepared.task().labels().size()));
        try (DataParallel dataParallel = new DataParallel(model, workers, arguments, bf16, classWeights)) {
            Trainer.Parts parts = new Trainer.Parts(
                    model,
                    train,
                    evaluator(validation, bf16),
                    dataParallel,
                    workers,
                    Throughput.of(model, prepared.encoder()),
                    checkpointing);
            Trainer.Outcome outcome = new Trainer(parts, arguments, tracking, stopRequested).run();
            finishProfile(outcome);
            return outcome;
        }
    }

    private void finishProfile(Trainer.Outcome outcome) {
        if (!profiler.finish() && arguments.profileSteps() > 0) {
            listener.onNotice("no step was profiled: the run ended after step " + outcome.steps()
                    + ", before the first that was to be; set training.profile_skip_steps (now "
                    + arguments.profileSkipSteps() + ") to less");
        }
    }

    /** Not being able to write it, such as on a full disk, is no reason to end the run. */
    private void save(Recording recording) {
        Path directory = Objects.requireNonNull(profileDirectory);
        try {
            profile = recording.save(directory, bf16 ? "bf16" : "fp32", gemmPeak());
            listener.onNotice("profile of " + profile.steps().count() + " steps: " + profile.trace()
                    + " (open it in chrome://tracing or ui.perfetto.dev) and " + profile.table());
        } catch (IOException e) {
            listener.onNotice("the profile is not saved: " + directory + " cannot be written: " + e);
        }
    }

    /** Products in bfloat16 that the processor does not make itself take a minute and are no bound of anything. */
    private Recording.GemmPeak gemmPeak() {
        boolean inBf16 = bf16 && TorchInfo.hasBf16();
        List<Double> gflops = workers.onAll(Phase.EVALUATION, worker -> GemmProbe.gflops(inBf16, PEAK_MILLIS));
        return new Recording.GemmPeak(
                gflops.stream().mapToDouble(Double::doubleValue).sum(), inBf16 ? "bf16" : "fp32");
    }

    /** Scores of the model as it is saved: in fp32, whatever it was trained in. */
    private Map<String, Report> reports(Features validation, Trainer.Outcome outcome) {
        Map<String, Report> reports = new LinkedHashMap<>();
        Dataset test = prepared.data().test();
        if (test != null) {
            listener.onPhase("Measuring on the test data");
            reports.put("test", evaluator(features(test), false).run().report());
        }
        reports.put("validation", bf16 ? evaluator(validation, false).run().report() : outcome.validation());
        return reports;
    }

    private Evaluator evaluator(Features features, boolean inBf16) {
        return new Evaluator(
                new TorchModel(model, inBf16), features, prepared.task(), arguments.perDeviceEvalBatchSize(), workers);
    }

    private ModelBundle save(Map<String, Report> reports, List<String> command, Checkpointing checkpointing) {
        BundleContents contents = new BundleContents(
                Json.readObject(prepared.base().resolve(ModelBundle.CONFIG)),
                prepared.task(),
                prepared.base(),
                reports,
                config,
                RunProvenance.of(config, prepared.splits(), command, checkpointing.startedAt(), parallelism.threads()));
        return BundleWriter.write(
                Path.of(config.outputDir()),
                config.overwriteOutputDir() || checkpointing.wrote(Path.of(config.outputDir())),
                contents,
                file -> Safetensors.write(file, model.toWeights()),
                file -> {
                    OnnxExporter.exportClassifier(model, file);
                    checkParity(file);
                });
    }

    private void checkParity(Path onnx) {
        List<Example> examples = prepared.splits().validation().examples();
        TorchModel layers = new TorchModel(model, false);
        layers.beginEvaluation();
        OnnxParity.check(
                onnx,
                layers,
                prepared.tokenizer().encodeAll(examples.subList(0, Math.min(PARITY_TEXTS, examples.size()))),
                prepared.tokenizer().padTokenId());
    }

    @Override
    public void close() {
        profiler.close();
        workers.close();
        model.close();
    }
}
