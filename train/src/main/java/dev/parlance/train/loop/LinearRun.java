package dev.parlance.train.loop;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.bundle.BundleContents;
import dev.parlance.bundle.BundleWriter;
import dev.parlance.bundle.ModelBundle;
import dev.parlance.config.Contradictions;
import dev.parlance.config.Json;
import dev.parlance.config.LinearConfig;
import dev.parlance.config.RunConfig;
import dev.parlance.data.Dataset;
import dev.parlance.data.Splits;
import dev.parlance.linear.Parallel;
import dev.parlance.linear.TfIdf;
import dev.parlance.metric.Report;
import dev.parlance.predict.OnnxModel;
import dev.parlance.task.TextClassification;
import dev.parlance.text.ChineseWords;
import dev.parlance.train.linear.FitListener;
import dev.parlance.train.linear.LinearFit;
import dev.parlance.train.linear.LinearModel;
import dev.parlance.train.linear.LinearOnnx;
import dev.parlance.train.weights.Safetensors;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A run that trains a linear model in place of fine-tuning an encoder; nothing of libtorch is loaded. */
final class LinearRun {
    private static final int TOP_FEATURES = 20;

    private final RunConfig config;
    private final RunData data;
    private final Splits splits;
    private final TextClassification task;
    private final TrainingListener listener;
    private final BooleanSupplier stopRequested;
    private final Parallel parallel;
    private final BestMetric metric;
    private boolean stopped;

    private LinearRun(
            RunConfig config,
            RunData data,
            TextClassification task,
            TrainingListener listener,
            BooleanSupplier stopRequested,
            Parallel parallel) {
        this.config = config;
        this.data = data;
        this.splits = data.splits();
        this.task = task;
        this.listener = listener;
        this.stopRequested = stopRequested;
        this.parallel = parallel;
        this.metric = BestMetric.of(config.training());
    }

    /** Whether the settings ask for a linear model. */
    static boolean isAskedFor(RunConfig config) {
        return config.model().modelNameOrPath().equals(LinearConfig.MODEL);
    }

    /** @param given data that was read already, or null */
    static TrainingResult run(
            RunConfig config,
            @Nullable RunData given,
            List<String> command,
            TrainingListener listener,
            BooleanSupplier stopRequested) {
        Instant startedAt = Instant.now();
        Contradictions.refuse(config);
        RunConfig placed = Defaults.withOutputDir(config);
        BundleWriter.check(Path.of(placed.outputDir()), placed.overwriteOutputDir());
        RunData data = given == null ? RunData.read(placed.data(), listener) : given;
        Splits splits = data.splits();
        TextClassification task = new TextClassification(splits.labels());
        Defaults.checkMetric(placed.training(), task);
        try (Parallel parallel = new Parallel(placed.training().threads());
                Tracking tracking = Tracking.start(placed, splits, task, command, LinearRun::libraries, listener)) {
            return tracking.record(
                    () -> new LinearRun(placed, data, task, tracking, stopRequested, parallel).run(command, startedAt));
        }
    }

    private static Map<String, String> libraries() {
        return Map.of("onnxruntime", OnnxModel.runtimeVersion(), "lucene", ChineseWords.version());
    }

    private TrainingResult run(List<String> command, Instant startedAt) {
        listener.onPhase("Counting n-grams");
        int labels = task.labels().size();
        TfIdf tfIdf = TfIdf.fit(splits.train().examples(), config.linear(), labels, parallel);
        LabelledFeatures train = features(splits.train(), tfIdf);
        LabelledFeatures validation = features(splits.validation(), tfIdf);
        List<Double> grid = config.linear().c() == LinearConfig.AUTO
                ? LinearFit.GRID
                : List.of(config.linear().c());
        listener.onBegin(plan(tfIdf, grid.size() == 1 ? 1 : grid.size() + 1));
        long start = System.nanoTime();
        LinearFit fit = LinearFit.over(
                train.features(),
                train.targets(),
                train.sampleWeights(config.training().classWeights(), labels),
                tfIdf.size(),
                labels,
                config.linear(),
                parallel);
        Choice best = choose(fit, grid, validation);
        double seconds = (System.nanoTime() - start) / 1e9;
        Map<String, Report> reports = new LinkedHashMap<>();
        Dataset test = data.test();
        if (test != null) {
            listener.onPhase("Measuring on the test data");
            reports.put(
                    "test",
                    features(test, tfIdf).score(best.model(), task, parallel).report());
        }
        reports.put("validation", best.scores().report());
        RunConfig resolved = config.with("linear.c", best.c());
        listener.onPhase("Saving to " + resolved.outputDir());
        ModelBundle bundle = save(resolved, tfIdf, best.model(), validation, reports, command, startedAt);
        return new TrainingResult(
                bundle.directory(),
                resolved,
                best.scores().report(),
                reports.get("test"),
                best.step(),
                best.step(),
                stopped,
                null,
                seconds,
                0,
                0,
                null);
    }

    private LabelledFeatures features(Dataset data, TfIdf tfIdf) {
        return LabelledFeatures.of(data.examples(), tfIdf, task, parallel);
    }

    private TrainingListener.Plan plan(TfIdf tfIdf, int fits) {
        int labels = task.labels().size();
        Dataset test = data.test();
        return new TrainingListener.Plan(
                LinearConfig.MODEL,
                (tfIdf.size() + 1L) * (labels == 2 ? 1 : labels),
                splits.train().size(),
                splits.validation().size(),
                test == null ? 0 : test.size(),
                labels,
                0,
                fits,
                "fp64",
                parallel.threads());
    }

    /**
     * A fitted model.
     *
     * @param c inverse strength of its penalty
     * @param step which of the fits it was, from 1
     */
    private record Choice(double c, LinearModel model, Evaluator.Result scores, int step) {}

    /**
     * The strength that scores best on the validation data: the search goes from strong to weak penalties and ends with the
     * first that is no better. The chosen fit, until then a rough one, is then finished.
     */
    private Choice choose(LinearFit fit, List<Double> grid, LabelledFeatures validation) {
        if (grid.size() == 1) {
            double c = grid.get(0);
            return evaluated(c, fit.with(c, announced("Fitting with", c)), 1, null, fit, validation);
        }
        Choice best = null;
        int tried = 0;
        for (double c : grid) {
            tried++;
            LinearModel model = fit.roughly(c, announced("Trying", c));
            Choice choice = evaluated(c, model, tried, best, fit, validation);
            if (choice.step() < tried) {
                break;
            }
            best = choice;
            if (stopRequested()) {
                return best;
            }
        }
        Choice chosen = Objects.requireNonNull(best);
        if (stopRequested()) {
            return chosen;
        }
        double c = chosen.c();
        LinearModel model = fit.refined(chosen.model(), c, announced("Fitting with", c));
        return evaluated(c, model, tried + 1, null, fit, validation);
    }

    /** Asked only while there is more to do. */
    private boolean stopRequested() {
        stopped |= stopRequested.getAsBoolean();
        return stopped;
    }

    /** Tells of a fit that begins, and then of each of its passes. */
    private FitListener announced(String what, double c) {
        listener.onPhase(what + " C = " + plain(c));
        return (passes, gradient, tolerance) -> {
            listener.onProgress(String.format(
                    Locale.ROOT,
                    "C = %s: pass %,d, gradient %.1e, down to %.1e",
                    plain(c),
                    passes,
                    gradient,
                    tolerance));
            return !stopRequested();
        };
    }

    /** The choice between the best so far, if there is one, and a model, which is measured. */
    private Choice evaluated(
            double c,
            LinearModel model,
            int step,
            @Nullable Choice before,
            LinearFit fit,
            LabelledFeatures validation) {
        Evaluator.Result scores = validation.score(model, task, parallel);
        boolean better = before == null || score(scores) > score(before.scores());
        listener.onEvaluation(new TrainingListener.Evaluation(
                step, fit.passes(), scores.loss(), scores.report(), metric.name(), better, scores.probabilities()));
        return better ? new Choice(c, model, scores, step) : Objects.requireNonNull(before);
    }

    /** Larger is better. */
    private double score(Evaluator.Result scores) {
        double value = metric.value(scores.loss(), scores.report());
        return metric.greaterIsBetter() ? value : -value;
    }

    private static String plain(double c) {
        return c == Math.rint(c) ? Long.toString((long) c) : Double.toString(c);
    }

    private ModelBundle save(
            RunConfig resolved,
            TfIdf tfIdf,
            LinearModel model,
            LabelledFeatures validation,
            Map<String, Report> reports,
            List<String> command,
            Instant startedAt) {
        ObjectNode base = Json.object().put("model_type", "parlance-linear").put("num_features", tfIdf.size());
        BundleContents contents = new BundleContents(
                base,
                task,
                (directory, maxLength) -> tfIdf.write(directory),
                reports,
                resolved,
                RunProvenance.of(resolved, splits, command, startedAt, parallel.threads(), libraries()),
                model.topFeatures(task.labels(), tfIdf, TOP_FEATURES),
                null);
        return BundleWriter.write(
                Path.of(resolved.outputDir()),
                resolved.overwriteOutputDir(),
                contents,
                file -> Safetensors.write(file, model.toWeights()),
                file -> {
                    LinearOnnx.write(model, file);
                    LinearParity.check(file, model, validation.features());
                });
    }
}
