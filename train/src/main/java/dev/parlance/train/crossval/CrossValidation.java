package dev.parlance.train.crossval;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.ConfigFiles;
import dev.parlance.config.Contradictions;
import dev.parlance.config.Json;
import dev.parlance.config.RunConfig;
import dev.parlance.config.UserError;
import dev.parlance.data.Dataset;
import dev.parlance.data.Example;
import dev.parlance.data.Folds;
import dev.parlance.data.JsonLinesFile;
import dev.parlance.data.Splits;
import dev.parlance.metric.ClassificationMetrics;
import dev.parlance.metric.Report;
import dev.parlance.train.hub.ModelStore;
import dev.parlance.train.hub.ProgressListener;
import dev.parlance.train.loop.FineTuning;
import dev.parlance.train.loop.LabelProbabilities;
import dev.parlance.train.loop.TrainingResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Trains one model for each fold on the other folds and measures it on the fold, so that each row is predicted once, by a
 * model that has not seen it. The checkpoint is chosen by a validation part of the other folds, never by the fold itself.
 * What is finished stays finished: the same call again goes on with the next fold.
 */
public final class CrossValidation {
    private final RunConfig config;
    private final CrossValidationOptions options;
    private final ModelStore store;
    private final CrossValidationListener listener;
    private final BooleanSupplier stopRequested;
    private final FoldFiles files;

    private CrossValidation(
            RunConfig config,
            CrossValidationOptions options,
            ModelStore store,
            CrossValidationListener listener,
            BooleanSupplier stopRequested) {
        this.config = config;
        this.options = options;
        this.store = store;
        this.listener = listener;
        this.stopRequested = stopRequested;
        this.files = new FoldFiles(directory(config));
    }

    /** Runs with the models of {@code PARLANCE_HOME} or {@code ~/.cache/parlance}, and reports to nobody. */
    public static CrossValidationResult run(RunConfig config, CrossValidationOptions options) {
        ModelStore store = ModelStore.fromEnvironment(System.getenv(), ProgressListener.NONE);
        return run(config, options, store, CrossValidationListener.NONE, () -> false)
                .orElseThrow(() -> new IllegalStateException("nobody asked for a stop"));
    }

    /**
     * Runs the folds that are not finished yet.
     *
     * @param config the settings; {@code data.train} is what is cut into folds, {@code data.test} is not looked at
     * @param store where pretrained models come from
     * @param stopRequested asked after every step; the fold that is being trained is given up
     * @return the scores, or nothing if a stop was requested before the last fold was finished
     * @throws UserError if settings, data or model cannot be used, or the directory holds another cross-validation
     */
    public static Optional<CrossValidationResult> run(
            RunConfig config,
            CrossValidationOptions options,
            ModelStore store,
            CrossValidationListener listener,
            BooleanSupplier stopRequested) {
        return new CrossValidation(config, options, store, listener, stopRequested).run();
    }

    /** Where the files of a cross-validation are: beside the model, with {@code .cv} after its name. */
    public static Path directory(RunConfig config) {
        String output = FineTuning.withOutputDir(config).outputDir();
        return Path.of(output.replaceAll("[/\\\\]+$", "") + ".cv");
    }

    private Optional<CrossValidationResult> run() {
        Folds folds = draw();
        files.begin(plan(folds), config.overwriteOutputDir());
        listener.onFolds(folds);
        OutOfFold predictions = new OutOfFold(folds);
        List<FoldResult> results = new ArrayList<>();
        RunConfig pinned = config;
        for (int fold = 0; fold < folds.count(); fold++) {
            Optional<FoldResult> result = finished(folds, fold, predictions);
            boolean before = result.isPresent();
            if (!before) {
                listener.onFoldBegin(fold + 1, folds.count());
                result = train(pinned, folds, fold, predictions);
            }
            if (result.isEmpty()) {
                return Optional.empty();
            }
            results.add(result.get());
            listener.onFoldEnd(result.get(), before);
            pinned = config.with("model.model_name_or_path", result.get().model()); // one model for all folds
        }
        return Optional.of(save(predictions, results));
    }

    private Folds draw() {
        Contradictions.refuseProfile(config, "cross-validation");
        String file = config.data().train();
        if (file == null) {
            throw new UserError("data.train is not set, expected the file to cut into folds");
        }
        if (config.data().validation() != null) {
            throw new UserError("data.validation is " + config.data().validation()
                    + ", but cross-validation takes its validation parts from data.train; leave one of them out");
        }
        if (config.data().validationFraction() == 0) {
            throw new UserError(
                    "data.validation_fraction is 0, expected more: in each fold the best checkpoint is chosen by"
                            + " a validation part of the other folds");
        }
        Dataset data = Dataset.read(config.data(), Path.of(file));
        if (data.labels().size() < 2) {
            throw new UserError(file + ": found the one label '" + data.labels().get(0)
                    + "', expected at least two; set data.label_column if this is not the label");
        }
        long seed = config.data().splitSeed();
        return options.groupColumn() == null
                ? Folds.byText(data, options.folds(), seed)
                : Folds.byColumn(data, config.data(), options.groupColumn(), options.folds(), seed);
    }

    private ObjectNode plan(Folds folds) {
        ObjectNode plan = Json.object();
        plan.put("folds", folds.count())
                .put("group_column", options.groupColumn())
                .put("rows", folds.data().size())
                .put("sha256", folds.data().file().sha256());
        ObjectNode settings = ConfigFiles.toTree(config);
        settings.remove(List.of("overwrite_output_dir", "tracking"));
        ((ObjectNode) settings.path("training")).remove("threads");
        plan.set("settings", settings);
        return plan;
    }

    private Optional<FoldResult> finished(Folds folds, int fold, OutOfFold predictions) {
        int[] rows = folds.heldOut(fold);
        Optional<double[][]> probabilities =
                files.probabilities(fold + 1, rows.length, folds.data().labels().size());
        return probabilities.map(of -> {
            predictions.put(fold, of);
            return files.result(fold + 1, report(folds.data(), rows, of));
        });
    }

    private Optional<FoldResult> train(RunConfig pinned, Folds folds, int fold, OutOfFold predictions) {
        Path place = files.begin(fold + 1);
        Splits parts = folds.round(fold, config.data().validationFraction());
        for (Dataset part : parts.parts()) {
            JsonLinesFile.write(place.resolve(part.name() + ".jsonl"), part.examples());
        }
        TrainingResult trained =
                FineTuning.run(settings(pinned, folds, place), store, List.of(), listener.training(), stopRequested);
        if (stopRequested.getAsBoolean()) {
            return Optional.empty();
        }
        int[] rows = folds.heldOut(fold);
        List<Example> heldOut = Arrays.stream(rows)
                .mapToObj(row -> folds.data().examples().get(row))
                .toList();
        double[][] probabilities =
                LabelProbabilities.of(trained.bundle(), heldOut, folds.data().labels());
        predictions.put(fold, probabilities);
        FoldResult result = new FoldResult(
                fold + 1,
                parts.train().size(),
                parts.validation().size(),
                report(folds.data(), rows, probabilities),
                trained.config().model().modelNameOrPath(),
                trained.bestStep(),
                trained.trainSeconds());
        files.finish(result, probabilities, options.keepModels());
        return Optional.of(result);
    }

    private RunConfig settings(RunConfig pinned, Folds folds, Path place) {
        boolean pairs = folds.data().columns().textPair() != null;
        return JsonLinesFile.reading(Quiet.of(pinned), pairs)
                .with("data.train", place.resolve("train.jsonl").toString())
                .with("data.validation", place.resolve("validation.jsonl").toString())
                .with("data.test", null)
                .with("output_dir", place.resolve("model").toString())
                .with("overwrite_output_dir", true);
    }

    private static Report report(Dataset data, int[] rows, double[][] probabilities) {
        int[] gold = Arrays.stream(rows)
                .map(row -> data.labels().indexOf(data.examples().get(row).goldLabel()))
                .toArray();
        return ClassificationMetrics.report(data.labels(), gold, probabilities);
    }

    private CrossValidationResult save(OutOfFold predictions, List<FoldResult> folds) {
        CrossValidationResult result =
                CrossValidationResult.of(files.directory(), folds, FoldFiles.report(predictions));
        ExperimentFiles.write(files.directory().resolve("out-of-fold.jsonl"), predictions::writeJsonLines);
        ExperimentFiles.write(files.directory().resolve("out-of-fold.csv"), predictions::writeCsv);
        files.write("report.html", result.report().toHtml());
        files.write("cross-validation.json", Json.pretty(result.toJson()));
        return result;
    }
}
