package dev.parlance.cli;

import dev.parlance.config.RunConfig;
import dev.parlance.train.checkpoint.Resume;
import dev.parlance.train.loop.FineTuning;
import dev.parlance.train.loop.TrainingResult;
import dev.parlance.train.profile.Profile;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** A training run at a terminal: progress, Ctrl-C, and what came of it. */
final class TrainingRun {
    private final Console console;
    private final TrainingResult result;
    private final long plannedSteps;
    private final int exitCode;

    private TrainingRun(Console console, TrainingResult result, long plannedSteps, int exitCode) {
        this.console = console;
        this.result = result;
        this.plannedSteps = plannedSteps;
        this.exitCode = exitCode;
    }

    /** Trains to the end, or until Ctrl-C. */
    static TrainingRun start(Console console, RunConfig run, List<String> words, Resume resume) {
        ProgressLine line = new ProgressLine(console);
        Interrupts interrupts = Interrupts.listen(line::line);
        TrainingProgress progress = new TrainingProgress(console, line, interrupts);
        TrainingResult result = FineTuning.run(run, ModelsCommand.store(console), words, progress, interrupts, resume);
        line.clear();
        return new TrainingRun(console, result, progress.plannedSteps(), interrupts.exitCode());
    }

    TrainingResult result() {
        return result;
    }

    /** The scores to standard output, where the model is to standard error. */
    void printReport() {
        boolean overTokens = result.tokensPerSecond() > 0; // a linear model has none
        String rates = overTokens
                ? format(", %,.0f tokens/s, %,.0f GFLOP/s", result.tokensPerSecond(), result.gigaFlopsPerSecond())
                : "";
        console.err()
                .println(format(
                                "%,d %s in ",
                                result.steps(), overTokens ? "steps" : result.steps() == 1 ? "fit" : "fits")
                        + ProgressLine.time(result.trainSeconds())
                        + rates);
        console.out().println("Scores on the " + (result.test() == null ? "validation" : "test") + " data");
        console.out().println();
        console.out().print(result.report().toTable(Math.max(80, console.width())));
        Profile profile = result.profile();
        if (profile != null) {
            console.out().println();
            ProfileTable.print(console.out(), profile);
        }
        console.out().flush();
        console.err().println();
        if (stopped()) {
            console.err()
                    .println(format(
                            "stopped after step %,d of %,d as you asked; the best so far, of step %,d, is saved",
                            result.steps(), plannedSteps, result.bestStep()));
        }
        if (result.unfinished() != null) {
            console.err().println("go on with: " + resumeCommand(result.bundle()));
        }
        console.err()
                .println("model, report and ONNX graph: "
                        + console.bold(result.bundle().toString()));
    }

    /** What to type to go on with the run of a model. */
    static String resumeCommand(Path model) {
        return Console.command() + " train --resume " + model;
    }

    /** Whether Ctrl-C or SIGTERM came, be it after the last step. */
    boolean stopped() {
        return exitCode != Command.OK;
    }

    int exitCode() {
        return exitCode;
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
