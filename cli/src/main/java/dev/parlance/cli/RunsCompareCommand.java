package dev.parlance.cli;

import dev.parlance.config.Json;
import dev.parlance.config.UserError;
import dev.parlance.metric.Report;
import dev.parlance.track.RunComparison;
import dev.parlance.track.TrackedRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** Runs side by side. */
@CommandLine.Command(
        name = "compare",
        description = {
            "Show the settings in which runs differ, and their scores; the best of each row has a star.",
            "An id may be cut as long as one run alone has it; 'last' is the newest."
        },
        footer = "  parlance runs compare 20260102-150405-reviews last")
final class RunsCompareCommand implements Command {
    @Parameters(paramLabel = "ID", arity = "2..*", description = "Runs as 'parlance runs' lists them.")
    private List<String> ids = new ArrayList<>();

    private final Console console;
    private final RunsCommand runs;

    RunsCompareCommand(Console console, RunsCommand runs) {
        this.console = console;
        this.runs = runs;
    }

    @Override
    public Integer call() {
        List<TrackedRun> compared =
                ids.stream().map(id -> runs.store().run(id)).distinct().toList();
        if (compared.size() < 2) {
            throw new UserError("all ids stand for the run " + compared.get(0).id() + ", expected at least two runs");
        }
        RunComparison comparison = RunComparison.of(compared);
        if (runs.json()) {
            console.out().print(Json.pretty(comparison));
            return OK;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(row("SETTING", comparison.ids()));
        comparison.settings().forEach((name, values) -> rows.add(row(name, values)));
        if (rows.size() == 1) {
            rows.add(row(
                    "(all the same)", comparison.ids().stream().map(id -> "").toList()));
        }
        rows.add(row("", comparison.ids().stream().map(id -> "").toList()));
        rows.add(row("SCORE", comparison.ids().stream().map(id -> "").toList()));
        for (Map.Entry<String, List<Double>> score : comparison.scores().entrySet()) {
            rows.add(row(score.getKey(), numbers(score.getKey(), score.getValue())));
        }
        Table.print(console.out(), rows);
        return OK;
    }

    private static List<String> row(String name, List<String> values) {
        List<String> row = new ArrayList<>(List.of(RunsCommand.safe(name)));
        values.forEach(value -> row.add(RunsCommand.safe(value)));
        return row;
    }

    private static List<String> numbers(String name, List<Double> values) {
        boolean greater = Report.greaterIsBetter(name.replaceFirst("^(eval|test)_", ""));
        List<Double> known = values.stream().filter(Double::isFinite).toList();
        double best = known.stream()
                .mapToDouble(Double::doubleValue)
                .reduce(greater ? Math::max : Math::min)
                .orElse(Double.NaN);
        boolean differ = known.stream().distinct().count() > 1;
        return values.stream()
                .map(value -> Double.isNaN(value)
                        ? RunComparison.NONE
                        : String.format(Locale.ROOT, "%.4f", value) + (differ && value == best ? "*" : ""))
                .toList();
    }
}
