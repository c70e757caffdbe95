package dev.parlance.train.loop;

import dev.parlance.config.RunConfig;
import dev.parlance.data.Dataset;
import dev.parlance.data.Example;
import dev.parlance.data.Splits;
import dev.parlance.metric.Report;
import dev.parlance.task.TextClassification;
import dev.parlance.track.RunInfo;
import dev.parlance.train.encoder.LoadReport;
import dev.parlance.train.tensor.Tensor;
import dev.parlance.train.tensor.TensorScope;
import dev.parlance.train.tensor.Torch;
import dev.parlance.train.track.Continuation;
import dev.parlance.train.track.RunWriter;
import dev.parlance.train.track.WrongPrediction;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Records what happens, unless the settings want no recording, and then tells the user's listener. */
final class Tracking implements TrainingListener, AutoCloseable {
    private final RunConfig config;
    private final Splits splits;
    private final TextClassification task;
    private final List<String> command;
    private final Supplier<Map<String, String>> libraries;
    private final Instant startedAt = Instant.now();
    private final TrainingListener listener;
    private final @Nullable RunWriter writer;
    private double epoch;

    private Tracking(
            RunConfig config,
            Splits splits,
            TextClassification task,
            List<String> command,
            Supplier<Map<String, String>> libraries,
            TrainingListener listener,
            @Nullable RunWriter writer) {
        this.config = config;
        this.splits = splits;
        this.task = task;
        this.command = command;
        this.libraries = libraries;
        this.listener = listener;
        this.writer = writer;
        if (writer != null) {
            listener.onRecording(writer.directory());
        }
    }

    /**
     * Begins to record.
     *
     * @param libraries what the run computes with, and the versions; asked once its threads are set up
     */
    static Tracking start(
            RunConfig config,
            Splits splits,
            TextClassification task,
            List<String> command,
            Supplier<Map<String, String>> libraries,
            TrainingListener listener) {
        RunWriter writer = RunWriter.start(config, listener::onNotice);
        return new Tracking(config, splits, task, command, libraries, listener, writer);
    }

    /** Begins to record a run of libtorch's, or goes on where it was recorded if it goes on from a checkpoint. */
    static Tracking start(
            Prepared prepared, List<String> command, Checkpointing checkpointing, TrainingListener listener) {
        Continuation from = checkpointing.recorded();
        RunConfig config = prepared.config();
        RunWriter writer = from == null
                ? RunWriter.start(config, listener::onNotice)
                : RunWriter.resume(config, from, listener::onNotice);
        if (writer != null) {
            checkpointing.recordedIn(writer.directory());
        }
        return new Tracking(
                config, prepared.splits(), prepared.task(), command, RunProvenance::engine, listener, writer);
    }

    /** Where a profile goes: into the directory of the run, or beside the model if there is none. */
    Path profileDirectory(RunConfig resolved) {
        return writer == null
                ? Path.of(resolved.outputDir().replaceAll("[/\\\\]+$", "") + ".profile")
                : writer.directory().resolve("profile");
    }

    /** Does the run and records how it ends. */
    TrainingResult record(Supplier<TrainingResult> run) {
        try {
            TrainingResult result = run.get();
            finished(result);
            return result;
        } catch (RuntimeException | Error e) {
            if (writer != null) {
                writer.failed(e);
            }
            throw e;
        }
    }

    @Override
    public void onPhase(String phase) {
        listener.onPhase(phase);
    }

    @Override
    public void onProgress(String state) {
        listener.onProgress(state);
    }

    @Override
    public void onNotice(String notice) {
        listener.onNotice(notice);
    }

    @Override
    public void onCheckpoint(Path directory, long step) {
        listener.onCheckpoint(directory, step);
    }

    @Override
    public void onData(Splits splits) {
        listener.onData(splits);
    }

    @Override
    public void onModel(LoadReport report) {
        listener.onModel(report);
    }

    @Override
    public void onBegin(Plan plan) {
        listener.onBegin(plan);
        if (writer != null) {
            writer.planned(plan.steps());
            writer.environment(
                    RunProvenance.soFar(config, splits, command, startedAt, plan.threads(), libraries.get()));
        }
    }

    @Override
    public void onGradients(long step, Map<String, Tensor> parameters) {
        listener.onGradients(step, parameters);
        if (writer != null && writer.wantsHistograms(step)) {
            try (TensorScope scope = TensorScope.open();
                    Torch.Guard guard = Torch.noGrad()) {
                writer.histograms(step, parameters);
            }
        }
    }

    @Override
    public void onStep(Step step) {
        if (writer != null) {
            record(writer, step);
        }
        listener.onStep(step);
    }

    private void record(RunWriter run, Step step) {
        run.stepped(step.step());
        epoch = step.epoch();
        if (step.logged()) {
            Map<String, Double> values = new LinkedHashMap<>();
            values.put("loss", step.loss());
            values.put("learning_rate", step.learningRate());
            values.put("grad_norm", step.gradNorm());
            values.put("tokens_per_second", step.tokensPerSecond());
            values.put("examples_per_second", step.examplesPerSecond());
            run.scalars(step.step(), step.epoch(), values);
        }
    }

    @Override
    public void onEvaluation(Evaluation evaluation) {
        if (writer != null) {
            record(writer, evaluation);
        }
        listener.onEvaluation(evaluation);
    }

    private void record(RunWriter run, Evaluation evaluation) {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("eval_loss", evaluation.loss());
        evaluation.report().metrics().forEach((name, value) -> values.put("eval_" + name, value));
        run.stepped(evaluation.step()); // a linear model tells of no other steps
        run.scalars(evaluation.step(), evaluation.epoch(), values);
        run.measured(evaluation.step(), evaluation.report());
        if (evaluation.best()) {
            String metric = evaluation.metric().replaceFirst("^eval_", "");
            double value = new BestMetric(metric).value(evaluation.loss(), evaluation.report());
            run.best(
                    new RunInfo.Best(metric, value, evaluation.step()),
                    evaluation.report(),
                    wrong(evaluation.probabilities()));
        }
    }

    /** The mistakes that the model is surest of, as many as are wanted. */
    private List<WrongPrediction> wrong(double[][] probabilities) {
        List<WrongPrediction> wrong = new ArrayList<>();
        int wanted = config.tracking().wrongPredictions();
        Dataset validation = splits.validation();
        List<String> labels = task.labels();
        if (wanted == 0) {
            return wrong;
        }
        for (int i = 0; i < probabilities.length; i++) {
            Example example = validation.examples().get(i);
            int expected = task.target(example);
            int predicted = mostProbable(probabilities[i]);
            if (expected != predicted) {
                wrong.add(new WrongPrediction(
                        example.text(),
                        example.textPair(),
                        labels.get(expected),
                        labels.get(predicted),
                        probabilities[i][predicted],
                        probabilities[i][expected],
                        validation.lines()[i]));
            }
        }
        wrong.sort(Comparator.comparingDouble(WrongPrediction::probability).reversed());
        return wrong.subList(0, Math.min(wanted, wrong.size()));
    }

    private static int mostProbable(double[] probabilities) {
        int best = 0;
        for (int i = 1; i < probabilities.length; i++) {
            best = probabilities[i] > probabilities[best] ? i : best;
        }
        return best;
    }

    /** Records scores and the saved model's card. */
    private void finished(TrainingResult result) {
        if (writer == null) {
            return;
        }
        Map<String, Report> reports = new LinkedHashMap<>();
        reports.put("validation", result.validation());
        Map<String, Double> values = new LinkedHashMap<>();
        Report test = result.test();
        if (test != null) {
            reports.put("test", test);
            test.metrics().forEach((name, value) -> values.put("test_" + name, value));
        }
        values.put("train_runtime", result.trainSeconds());
        if (result.tokensPerSecond() > 0) { // a linear model has no tokens
            values.put("train_tokens_per_second", result.tokensPerSecond());
        }
        writer.scalars(result.steps(), epoch, values);
        writer.finished(reports, result.bundle().resolve("README.md"), result.stopped());
    }

    @Override
    public void close() {
        if (writer != null) {
            writer.close();
        }
    }
}
