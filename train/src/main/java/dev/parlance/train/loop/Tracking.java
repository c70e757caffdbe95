package dev.parlance.train.loop;

import dev.parlance.config.RunConfig;
import dev.parlance.data.Dataset;
import dev.parlance.data.Example;
import dev.parlance.data.Splits;
import dev.parlance.metric.Report;
import dev.parlance.track.RunInfo;
import dev.parlance.train.encoder.LoadReport;
import dev.parlance.train.tensor.Tensor;
import dev.parlance.train.tensor.TensorScope;
import dev.parlance.train.tensor.Torch;
import dev.parlance.train.track.RunWriter;
import dev.parlance.train.track.WrongPrediction;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Records what happens, unless the settings want no recording, and then tells the user's listener. */
final class Tracking implements TrainingListener, AutoCloseable {
    private final Prepared prepared;
    private final RunConfig config;
    private final List<String> command;
    private final Instant startedAt;
    private final TrainingListener listener;
    private final @Nullable RunWriter writer;
    private double epoch;

    private Tracking(
            Prepared prepared,
            List<String> command,
            Instant startedAt,
            TrainingListener listener,
            @Nullable RunWriter writer) {
        this.prepared = prepared;
        this.config = prepared.config();
        this.command = command;
        this.startedAt = startedAt;
        this.listener = listener;
        this.writer = writer;
    }

    static Tracking start(Prepared prepared, List<String> command, TrainingListener listener) {
        Instant startedAt = Instant.now();
        RunWriter writer = RunWriter.start(prepared.config(), listener::onNotice);
        if (writer != null) {
            listener.onRecording(writer.directory());
        }
        return new Tracking(prepared, command, startedAt, listener, writer);
    }

    @Override
    public void onPhase(String phase) {
        listener.onPhase(phase);
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
            writer.environment(RunProvenance.soFar(config, prepared.splits(), command, startedAt, plan.threads()));
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
        Dataset validation = prepared.splits().validation();
        List<String> labels = prepared.task().labels();
        if (wanted == 0) {
            return wrong;
        }
        for (int i = 0; i < probabilities.length; i++) {
            Example example = validation.examples().get(i);
            int expected = prepared.task().target(example);
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
    void finished(TrainingResult result) {
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
        values.put("train_tokens_per_second", result.tokensPerSecond());
        writer.scalars(result.steps(), epoch, values);
        writer.finished(reports, result.bundle().resolve("README.md"), result.unfinished() != null);
    }

    /** Records what ended the run. */
    void failed(Throwable error) {
        if (writer != null) {
            writer.failed(error);
        }
    }

    @Override
    public void close() {
        if (writer != null) {
            writer.close();
        }
    }
}
