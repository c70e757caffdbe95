package dev.parlance.cli;

import dev.parlance.train.search.SearchListener;
import dev.parlance.train.search.Trial;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Tells on standard error how a search goes. */
final class SearchProgress implements SearchListener {
    private final Console console;
    private final ProgressLine line;

    SearchProgress(Console console, ProgressLine line) {
        this.console = console;
        this.line = line;
    }

    @Override
    public void onBegin(List<Trial> before, int parallel, int threads) {
        long ended = before.stream()
                .filter(trial -> trial.status() != Trial.Status.STARTED)
                .count();
        if (!before.isEmpty()) {
            line.line("going on after " + ended + " finished trials"
                    + (ended < before.size() ? "; " + (before.size() - ended) + " broken off are done again" : ""));
        }
        line.line((parallel == 1 ? "one trial at a time" : parallel + " trials at a time") + " with " + threads
                + (threads == 1 ? " thread" : " threads") + (parallel == 1 ? "" : " each"));
    }

    @Override
    public void onTrialBegin(Trial trial) {
        line.line("trial " + trial.number() + ": " + settings(trial));
    }

    @Override
    public void onEvaluation(Trial trial, Trial.Evaluation evaluation) {
        line.update(
                -1,
                String.format(
                        Locale.ROOT,
                        "trial %d: epoch %.2f, %.4f",
                        trial.number(),
                        evaluation.epoch(),
                        evaluation.score()));
    }

    @Override
    public void onTrialEnd(Trial trial, boolean best) {
        String how =
                switch (trial.status()) {
                    case COMPLETE -> score(trial);
                    case PRUNED ->
                        score(trial) + String.format(Locale.ROOT, ", given up after epoch %.2f", trial.epochs());
                    case FAILED -> "failed: " + trial.error();
                    case STARTED -> "";
                };
        String text = "trial " + trial.number() + ": " + how + ", " + ProgressLine.time(trial.seconds());
        line.line(best ? text + console.paint("32", " (best so far)") : text);
    }

    private static String score(Trial trial) {
        return trial.score() == null ? "no score" : String.format(Locale.ROOT, "%.4f", trial.score());
    }

    /** The values of a trial by the last part of each setting's name. */
    static String settings(Trial trial) {
        return trial.values().entrySet().stream().map(SearchProgress::setting).collect(Collectors.joining(", "));
    }

    private static String setting(Map.Entry<String, String> value) {
        return value.getKey().substring(value.getKey().lastIndexOf('.') + 1) + " " + value.getValue();
    }
}
