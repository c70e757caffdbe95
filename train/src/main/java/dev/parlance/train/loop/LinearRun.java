package dev.parlance.train.loop;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.bundle.BundleContents;
import dev.parlance.bundle.BundleWriter;
import dev.parlance.bundle.ModelBundle;
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
import dev.parlance.train.linear.LinearFit;
import dev.parlance.train.linear.LinearModel;
import dev.parlance.train.linear.LinearOnnx;
import dev.parlance.train.weights.Safetensors;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
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
                null,
                seconds,
                0,
                0);
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
     * first that is no better. The chosen one is fitted from nothing, so that it depends on the settings that are saved and
     * not on the way to them.
     */
    private Choice choose(LinearFit fit, List<Double> grid, LabelledFeatures validation) {
        if (grid.size() == 1) {
            return fitted(fit, grid.get(0), 1, validation);
        }
        Choice best = null;
        int tried = 0;
        for (double c : grid) {
            tried++;
            listener.onPhase("Trying C = " + plain(c));
            LinearModel model = fit.roughly(c, stopRequested);
            Evaluator.Result scores = validation.score(model, task, parallel);
            boolean better = best == null || score(scores) > score(best.scores());
            evaluated(tried, fit, scores, better);
            if (!better) {
                break;
            }
            best = new Choice(c, model, scores, tried);
            if (stopRequested.getAsBoolean()) {
                return best;
            }
        }
        Choice chosen = Objects.requireNonNull(best);
        Choice last = stopRequested.getAsBoolean() ? chosen : fitted(fit, chosen.c(), tried + 1, validation);
        return stopRequested.getAsBoolean() ? chosen : last; // a fit from nothing that was cut short is worth less
    }

    private Choice fitted(LinearFit fit, double c, int step, LabelledFeatures validation) {
        listener.onPhase("Fitting with C = " + plain(c));
        LinearModel model = fit.with(c, stopRequested);
        Evaluator.Result scores = validation.score(model, task, parallel);
        evaluated(step, fit, scores, true);
        return new Choice(c, model, scores, step);
    }

    private void evaluated(int step, LinearFit fit, Evaluator.Result scores, boolean best) {
        listener.onEvaluation(new TrainingListener.Evaluation(
                step, fit.passes(), scores.loss(), scores.report(), metric.name(), best, scores.probabilities()));
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
