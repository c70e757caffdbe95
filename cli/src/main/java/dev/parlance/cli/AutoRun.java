package dev.parlance.cli;

import dev.parlance.bundle.Selection;
import dev.parlance.config.RunConfig;
import dev.parlance.data.Splits;
import dev.parlance.train.auto.Auto;
import dev.parlance.train.auto.AutoListener;
import dev.parlance.train.auto.AutoOptions;
import dev.parlance.train.auto.AutoResult;
import dev.parlance.train.auto.Candidate;
import dev.parlance.train.loop.TrainingListener;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A choice among models at a terminal: progress, Ctrl-C, and what came of it. */
final class AutoRun {
    private final Console console;
    private final RunConfig run;
    private final AutoOptions options;
    private final ProgressLine line;

    AutoRun(Console console, RunConfig run, AutoOptions options) {
        this.console = console;
        this.run = run;
        this.options = options;
        this.line = new ProgressLine(console);
    }

    /** Runs it; returns the exit code. */
    int call(List<String> words) {
        Interrupts interrupts = Interrupts.listen(
                text -> line.line("stopping; what is finished is kept, and the same command goes on from there"));
        Optional<AutoResult> result =
                Auto.run(run, options, ModelsCommand.store(console), words, new Progress(interrupts), interrupts);
        line.clear();
        if (result.isPresent()) {
            print(result.get());
        }
        return interrupts.exitCode();
    }

    private void print(AutoResult result) {
        Selection selection = result.selection();
        console.out().println("Candidates, scores on the validation data");
        console.out().println();
        Table.print(console.out(), rows(selection));
        console.out().println();
        console.out().println("Scores on the " + (result.test() == null ? "validation" : "test") + " data");
        console.out().println();
        console.out().print(result.report().toTable(Math.max(80, console.width())));
        console.out().flush();
        console.err().println();
        String model = result.bundle().toString();
        console.err()
                .println("it took " + ProgressLine.time(selection.seconds()) + " of "
                        + ProgressLine.time(selection.timeBudgetSeconds()));
        console.err().println("model and report, with the reasons above: " + console.bold(model));
        console.err().println("try it: " + Console.command() + " predict " + model + " \"a text of yours\"");
    }

    private static List<List<String>> rows(Selection selection) {
        Set<String> scores = new LinkedHashSet<>(List.of("accuracy", "macro_f1", selection.metric()));
        List<List<String>> rows = new ArrayList<>();
        List<String> header = new ArrayList<>(List.of("CANDIDATE"));
        scores.forEach(score -> header.add(score.toUpperCase(Locale.ROOT)));
        header.addAll(List.of("TIME", "SHARE", "SETTINGS"));
        rows.add(header);
        for (Selection.Candidate candidate : selection.candidates()) {
            List<String> row = new ArrayList<>(List.of(candidate.name()));
            scores.forEach(score -> row.add(
                    String.format(Locale.ROOT, "%.4f", candidate.metrics().getOrDefault(score, Double.NaN))));
            row.add(ProgressLine.time(candidate.seconds()));
            row.add(candidate.weight() == 0 ? "-" : String.format(Locale.ROOT, "%.2f", candidate.weight()));
            row.add(candidate.settings().entrySet().stream()
                    .map(setting ->
                            setting.getKey().substring(setting.getKey().indexOf('.') + 1) + "=" + setting.getValue())
                    .collect(Collectors.joining(" ")));
            rows.add(row);
        }
        return rows;
    }

    private final class Progress implements AutoListener {
        private final TrainingListener training;

        Progress(Interrupts interrupts) {
            training = new TrainingProgress(console, line, interrupts);
        }

        @Override
        public void onData(Splits splits) {
            training.onData(splits);
        }

        @Override
        public void onChoice(String choice) {
            line.line(console.bold("* ") + choice);
        }

        @Override
        public void onCandidateBegin(String name) {
            line.line("");
            line.line(console.bold(name));
        }

        @Override
        public void onCandidateEnd(Candidate candidate, boolean before) {
            line.line(String.format(
                    Locale.ROOT,
                    "%s%s: validation accuracy %.4f, macro_f1 %.4f, %s",
                    candidate.name(),
                    before ? " (finished before)" : "",
                    candidate.validation().metric("accuracy"),
                    candidate.validation().metric("macro_f1"),
                    ProgressLine.time(candidate.seconds())));
            line.line("");
        }

        @Override
        public TrainingListener training() {
            return training;
        }
    }
}
