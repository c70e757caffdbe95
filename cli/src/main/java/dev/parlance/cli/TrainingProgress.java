package dev.parlance.cli;

import dev.parlance.data.Splits;
import dev.parlance.train.loop.TrainingListener;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** Tells on standard error how a training run goes. */
final class TrainingProgress implements TrainingListener {
    private final Console console;
    private final ProgressLine progress;
    private final Interrupts interrupts;
    private long plannedSteps;

    TrainingProgress(Console console, ProgressLine progress, Interrupts interrupts) {
        this.console = console;
        this.progress = progress;
        this.interrupts = interrupts;
    }

    @Override
    public void onPhase(String phase) {
        progress.line(phase);
    }

    @Override
    public void onRecording(Path directory) {
        progress.line("recorded in " + directory);
    }

    /** Steps of the run as planned; 0 before it began. */
    long plannedSteps() {
        return plannedSteps;
    }

    @Override
    public void onData(Splits splits) {
        splits.train().columns().how().forEach(progress::line);
        RunOptions.warn(console, splits.train().findings());
        RunOptions.warn(console, splits.findings());
    }

    @Override
    public void onBegin(Plan plan) {
        interrupts.somethingToSave();
        plannedSteps = plan.steps();
        progress.line(format(
                "%s: %,d parameters, %d labels, %s, %d threads",
                console.bold(plan.model()), plan.parameters(), plan.labels(), plan.precision(), plan.threads()));
        if (plan.truncated() > 0) {
            progress.line(format("%,d training texts are longer than the model takes and are cut", plan.truncated()));
        }
        progress.line(format(
                "%,d examples to train on, %,d to validate, %,d to test; %,d steps",
                plan.trainExamples(), plan.validationExamples(), plan.testExamples(), plan.steps()));
    }

    @Override
    public void onStep(Step step) {
        progress.update((double) step.step() / step.steps(), text(step));
    }

    @Override
    public void onProgress(String state) {
        progress.update(-1, state);
    }

    @Override
    public void onEvaluation(Evaluation evaluation) {
        StringBuilder scores = new StringBuilder();
        for (String name : new String[] {"accuracy", evaluation.metric()}) {
            Double value = evaluation.report().metrics().get(name);
            if (value != null && scores.indexOf(name) < 0) {
                scores.append(format(", %s %.4f", name, value));
            }
        }
        String line = format("epoch %.2f: validation loss %.4f%s", evaluation.epoch(), evaluation.loss(), scores);
        progress.line(evaluation.best() ? line + console.paint("32", " (best so far)") : line);
    }

    @Override
    public void onNotice(String notice) {
        progress.line(notice);
    }

    @Override
    public void onCheckpoint(Path directory, long step) {
        interrupts.saved(directory);
    }

    static String text(Step step) {
        return format(
                "step %,d/%,d, epoch %.2f, loss %.4f, lr %.1e, %,.0f examples/s, %,.0f tokens/s, %s left",
                step.step(),
                step.steps(),
                step.epoch(),
                step.loss(),
                step.learningRate(),
                step.examplesPerSecond(),
                step.tokensPerSecond(),
                ProgressLine.time(step.secondsLeft()));
    }

    /** The scores in one line, for the end of a run. */
    static String scores(Map<String, Double> metrics) {
        StringBuilder text = new StringBuilder();
        metrics.forEach((name, value) ->
                text.append(text.isEmpty() ? "" : ", ").append(name).append(' ').append(format("%.4f", value)));
        return text.toString();
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
