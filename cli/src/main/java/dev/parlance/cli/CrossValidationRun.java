package dev.parlance.cli;

import dev.parlance.bundle.BundleWriter;
import dev.parlance.config.RunConfig;
import dev.parlance.data.Folds;
import dev.parlance.metric.FoldScores;
import dev.parlance.train.checkpoint.Resume;
import dev.parlance.train.crossval.CrossValidation;
import dev.parlance.train.crossval.CrossValidationListener;
import dev.parlance.train.crossval.CrossValidationOptions;
import dev.parlance.train.crossval.CrossValidationResult;
import dev.parlance.train.crossval.FoldResult;
import dev.parlance.train.loop.FineTuning;
import dev.parlance.train.loop.TrainingListener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** A cross-validation at a terminal, and the model on all rows after it. */
final class CrossValidationRun {
    private static final Set<String> SHOWN = new LinkedHashSet<>(
            List.of("accuracy", "macro_f1", "weighted_f1", "balanced_accuracy", "matthews_correlation", "log_loss"));

    private final Console console;
    private final RunConfig run;
    private final CrossValidationOptions options;
    private final Resume resume;
    private final ProgressLine line;

    /** @param resume whether to go on with the model on all rows; folds go on anyway */
    CrossValidationRun(Console console, RunConfig run, CrossValidationOptions options, Resume resume) {
        this.console = console;
        this.run = run;
        this.options = options;
        this.resume = resume;
        this.line = new ProgressLine(console);
    }

    /** Runs it; returns the exit code. */
    int call(boolean finalModel, List<String> words) {
        RunConfig placed = FineTuning.withOutputDir(run);
        if (finalModel && !resume.wanted()) {
            BundleWriter.check(Path.of(placed.outputDir()), placed.overwriteOutputDir());
        }
        Path directory = CrossValidation.directory(run);
        Interrupts interrupts = Interrupts.listen(text -> line.line(
                "stopping; what is finished is in " + directory + ", and the same command goes on from there"));
        Optional<CrossValidationResult> result =
                CrossValidation.run(run, options, ModelsCommand.store(console), new Progress(interrupts), interrupts);
        line.clear();
        if (result.isEmpty()) {
            return interrupts.exitCode();
        }
        print(result.get());
        if (!finalModel || interrupts.getAsBoolean()) {
            return interrupts.exitCode();
        }
        return trainOnAll(placed, words);
    }

    /** The checkpoint of the last model is chosen by a validation part, as in each fold; there is no test part to lose. */
    private int trainOnAll(RunConfig placed, List<String> words) {
        console.err().println();
        console.err().println(console.bold("The model on all rows"));
        RunConfig all = placed.with("data.test_fraction", 0);
        TrainingRun training = TrainingRun.start(console, all, words, resume);
        if (training.result().test() != null) {
            training.printReport();
        } else {
            console.err()
                    .println("model and ONNX graph: "
                            + console.bold(training.result().bundle().toString())
                            + "; the scores above are the estimate of how good it is");
        }
        return training.exitCode();
    }

    private void print(CrossValidationResult result) {
        int folds = result.folds().size();
        console.out().println("Scores over " + folds + " folds");
        console.out().println();
        Set<String> names = new LinkedHashSet<>(SHOWN);
        String metric = run.training().metricForBestModel();
        if (metric != null) {
            names.add(metric.startsWith("eval_") ? metric.substring("eval_".length()) : metric);
        }
        List<List<String>> rows = new ArrayList<>();
        List<String> header = new ArrayList<>(List.of("SCORE", "MEAN", "DEVIATION", "95 % INTERVAL"));
        for (int fold = 1; fold <= Math.min(folds, 10); fold++) {
            header.add("FOLD " + fold);
        }
        rows.add(header);
        for (String name : names) {
            FoldScores scores = result.scores().get(name);
            if (scores != null) {
                rows.add(row(name, scores));
            }
        }
        Table.print(console.out(), rows);
        console.out().println();
        console.out()
                .println(
                        "Interval of the mean: corrected resampled t (Nadeau and Bengio 2003), since folds share training rows");
        console.out().println();
        console.out().println("All out-of-fold predictions together");
        console.out().println();
        console.out().print(result.report().toTable(Math.max(80, console.width())));
        console.out().flush();
        console.err().println();
        console.err()
                .println("predictions, scores and report: "
                        + console.bold(result.directory().toString()));
    }

    private static List<String> row(String name, FoldScores scores) {
        List<String> row = new ArrayList<>(List.of(
                name,
                format("%.4f", scores.mean()),
                format("%.4f", scores.deviation()),
                format("%.4f to %.4f", scores.low(), scores.high())));
        scores.scores().stream().limit(10).map(score -> format("%.4f", score)).forEach(row::add);
        return row;
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }

    private final class Progress implements CrossValidationListener {
        private final TrainingListener training;

        Progress(Interrupts interrupts) {
            training = new TrainingProgress(console, line, interrupts);
        }

        @Override
        public void onFolds(Folds folds) {
            RunOptions.warn(console, folds.findings());
        }

        @Override
        public void onFoldBegin(int number, int folds) {
            line.line("");
            line.line(console.bold("Fold " + number + " of " + folds));
        }

        @Override
        public void onFoldEnd(FoldResult fold, boolean before) {
            line.line(format(
                    "fold %d%s: %,d rows held out, accuracy %.4f, macro_f1 %.4f",
                    fold.number(),
                    before ? " (finished before)" : "",
                    fold.report().examples(),
                    fold.report().metric("accuracy"),
                    fold.report().metric("macro_f1")));
        }

        @Override
        public TrainingListener training() {
            return training;
        }
    }
}
