package dev.parlance.train.loop;

import dev.parlance.config.ConfigFiles;
import dev.parlance.config.RunConfig;
import dev.parlance.config.TrainingArguments;
import dev.parlance.data.Example;
import dev.parlance.train.checkpoint.Resume;
import dev.parlance.train.checkpoint.RunDirectory;
import dev.parlance.train.head.SequenceClassifier;
import dev.parlance.train.profile.Phase;
import dev.parlance.train.tensor.Torch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * {@code per_device_train_batch_size: auto} and {@code per_device_eval_batch_size: auto} become the sizes that are fastest on
 * texts of this run, with its model, on this machine as it is now. The weights of the run are not touched.
 */
final class AutoBatchSizes {
    private static final String TRAIN = "training.per_device_train_batch_size";
    private static final String EVAL = "training.per_device_eval_batch_size";

    /** Fewer updates in an epoch train worse, however fast they are. */
    private static final int LEAST_STEPS_PER_EPOCH = 50;

    private static final int LARGEST_TRAIN = 256;
    private static final int LARGEST_EVAL = 512;
    private static final int MAX_TEXTS = 20_000;
    private static final int MAX_TIMED_BATCHES = 8;

    private final Prepared prepared;
    private final TrainingArguments arguments;
    private final TrainingListener listener;
    private final boolean bf16;

    private AutoBatchSizes(Prepared prepared, TrainingListener listener) {
        this.prepared = prepared;
        this.arguments = prepared.config().training();
        this.listener = listener;
        this.bf16 = Defaults.bf16(arguments.precision());
    }

    /** The run with numbers in place of {@code auto}: those of the run that is resumed, or else measured ones. */
    static Prepared resolve(Prepared prepared, TrainingListener listener, Resume resume) {
        if (!prepared.config().training().measuresBatchSize()) {
            return prepared;
        }
        Path saved = resume.runDirectory(Path.of(prepared.config().outputDir())).resolve(RunDirectory.CONFIG);
        if (resume.wanted() && Files.isRegularFile(saved)) {
            TrainingArguments before = ConfigFiles.read(saved).training();
            RunConfig config = set(prepared.config(), TRAIN, before.perDeviceTrainBatchSize());
            return prepared.with(set(config, EVAL, before.perDeviceEvalBatchSize()));
        }
        return prepared.with(new AutoBatchSizes(prepared, listener).measured());
    }

    /** Sets a size that is auto. */
    private static RunConfig set(RunConfig config, String path, int size) {
        int found = path.equals(TRAIN)
                ? config.training().perDeviceTrainBatchSize()
                : config.training().perDeviceEvalBatchSize();
        return found == TrainingArguments.AUTO ? config.with(path, size) : config;
    }

    private RunConfig measured() {
        listener.onPhase("Measuring batch sizes");
        RunConfig config = prepared.config();
        try (SequenceClassifier model = BaseModel.load(prepared, TrainingListener.NONE)) {
            if (arguments.perDeviceTrainBatchSize() == TrainingArguments.AUTO) {
                config = set(config, TRAIN, train(model));
            }
            if (arguments.perDeviceEvalBatchSize() == TrainingArguments.AUTO) {
                config = set(config, EVAL, eval(model, Parallelism.of(config.training())));
            }
        }
        return config;
    }

    private Features features(List<Example> examples) {
        List<Example> sample = examples;
        if (examples.size() > MAX_TEXTS) {
            sample = new ArrayList<>(examples);
            Collections.shuffle(sample, new Random(arguments.seed()));
            sample = sample.subList(0, MAX_TEXTS);
        }
        return Features.of(sample, prepared.task(), prepared.tokenizer());
    }

    private int train(SequenceClassifier model) {
        Features features = features(prepared.splits().train().examples());
        int texts = prepared.splits().train().size();
        int largest = texts / LEAST_STEPS_PER_EPOCH / arguments.gradientAccumulationSteps();
        return search(TRAIN, Math.min(largest, LARGEST_TRAIN), (size, before) -> {
            TrainingArguments sized = prepared.config().with(TRAIN, size).training();
            try (TrialSteps steps = new TrialSteps(prepared, model, sized)) {
                return measure(size, features, before, 1, batch -> steps.run(features, batch));
            }
        });
    }

    /** Each worker has a batch of its own, so as many are timed at once. */
    private int eval(SequenceClassifier model, Parallelism parallelism) {
        Features features = features(prepared.splits().validation().examples());
        TorchModel torch = new TorchModel(model, bf16);
        Torch.initialize(parallelism.threadsPerWorker(), false);
        torch.beginEvaluation();
        int largest = features.size() / parallelism.workers();
        try (Workers workers = new Workers(parallelism.workers())) {
            return search(
                    EVAL,
                    Math.min(largest, LARGEST_EVAL),
                    (size, before) -> measure(
                            size,
                            features,
                            before,
                            workers.count(),
                            batch -> workers.onAll(Phase.EVALUATION, worker -> torch.forward(features.batch(batch))
                                    .values()
                                    .length)));
        }
    }

    /** Measures one size; {@code bytesBefore} is the memory before any was tried. */
    private interface Trials {
        BatchSizeSearch.Trial of(int size, long bytesBefore);
    }

    private int search(String setting, int largest, Trials trials) {
        long before = Torch.residentBytes();
        BatchSizeSearch search =
                new BatchSizeSearch(largest, FreeMemory.bytes(), arguments.autoBatchSeconds(), System::nanoTime);
        BatchSizeSearch.Choice choice = search.run(size -> trials.of(size, before));
        listener.onNotice(setting + " is " + choice.size() + ": " + choice.why());
        return choice.size();
    }

    /**
     * The longest batch says the memory, and warms up; the ones after it, in random order, say the speed. Each is worked on in
     * so many copies at once.
     */
    private BatchSizeSearch.Trial measure(int size, Features features, long before, int copies, Consumer<int[]> work) {
        List<int[]> batches = LengthGroupedBatches.epoch(
                features.size(), features::length, size, arguments.groupByLength(), new Random(arguments.seed()));
        long bytes;
        try (PeakMemory peak = PeakMemory.watching()) {
            work.accept(batches.get(0));
            bytes = Math.max(0, peak.bytes() - before);
        }
        double slice = arguments.autoBatchSeconds() / 6 * 1e9;
        long tokens = 0;
        int timed = 0;
        long start = System.nanoTime();
        do {
            int[] batch = batches.get((1 + timed) % batches.size());
            work.accept(batch);
            for (int index : batch) {
                tokens += (long) copies * features.length(index);
            }
            timed++;
        } while (timed < MAX_TIMED_BATCHES && System.nanoTime() - start < slice);
        return new BatchSizeSearch.Trial(size, tokens / ((System.nanoTime() - start) / 1e9), bytes);
    }
}
