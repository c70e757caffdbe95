package dev.parlance.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.Json;
import dev.parlance.track.Metrics;
import dev.parlance.track.RunInfo;
import dev.parlance.track.RunValues;
import dev.parlance.track.Series;
import dev.parlance.track.TrackedRun;
import java.io.PrintStream;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** One run with its curves. */
@CommandLine.Command(
        name = "show",
        description = {
            "Show a run: how it stands, its scores, and its curves drawn in the terminal.",
            "The id may be cut as long as one run alone has it; 'last' is the newest."
        },
        footer = {
            "  parlance runs show last",
            "  parlance runs show 20260102-150405-reviews --curve learning_rate --curve grad_norm",
            "  parlance runs show last --json | jq .environment.git"
        })
final class RunsShowCommand implements Command {
    private static final int CHART_ROWS = 8;
    private static final int MAX_WIDTH = 120;

    @Parameters(paramLabel = "ID", description = "A run as 'parlance runs' lists it.")
    private String id = "";

    @Option(
            names = "--curve",
            paramLabel = "<name>",
            description = "Draw this curve instead of the losses and the score that chooses the best. Repeatable.")
    private List<String> curves = new ArrayList<>();

    private final Console console;
    private final RunsCommand runs;

    RunsShowCommand(Console console, RunsCommand runs) {
        this.console = console;
        this.runs = runs;
    }

    @Override
    public Integer call() {
        TrackedRun run = runs.store().run(id);
        Metrics metrics = run.metrics();
        List<Series> drawn = curves.isEmpty()
                ? standard(run, metrics)
                : curves.stream().map(metrics::series).toList();
        if (runs.json()) {
            console.out().print(Json.pretty(tree(run, metrics)));
            return OK;
        }
        head(run);
        int width = Math.min(MAX_WIDTH, Math.max(80, console.width()));
        for (Series series : drawn) {
            console.out().println();
            new CurveChart(series, width, CHART_ROWS).lines().forEach(console.out()::println);
        }
        scores(run);
        if (curves.isEmpty()) {
            TreeSet<String> more = new TreeSet<>(metrics.all().keySet());
            drawn.forEach(series -> more.remove(series.name()));
            if (!more.isEmpty()) {
                console.err().println("more curves, by --curve: " + RunsCommand.safe(String.join(" ", more), 500));
            }
        }
        if (metrics.damagedLines() > 0) {
            console.err().println("warning: " + metrics.damagedLines() + " lines of metrics.jsonl could not be read");
        }
        return OK;
    }

    private static List<Series> standard(TrackedRun run, Metrics metrics) {
        RunInfo.Best best = run.info().best();
        List<Series> curves = new ArrayList<>();
        for (String name : List.of("loss", "eval_loss", "eval_" + (best == null ? "accuracy" : best.metric()))) {
            Series series = metrics.all().get(name);
            if (series != null) {
                curves.add(series);
            }
        }
        return curves;
    }

    private void head(TrackedRun run) {
        RunInfo info = run.info();
        line("run", run.id());
        line("status", run.status() + (info.error() == null ? "" : ": " + info.error()));
        line("started", info.startedAt().truncatedTo(ChronoUnit.SECONDS) + " on " + info.host());
        for (RunInfo.Resumption resumption : info.resumptions()) {
            line(
                    "resumed",
                    resumption.resumedAt().truncatedTo(ChronoUnit.SECONDS) + " after step " + resumption.afterStep()
                            + " of the " + resumption.reachedStep() + " done");
        }
        line("time", ProgressLine.time(run.duration().toMillis() / 1000.0));
        line("steps", info.step() + " of " + info.steps());
        line("model", info.model());
        line("data", info.data());
        line("output", info.outputDir());
        run.environment().ifPresent(environment -> {
            String commit = environment.path("git").path("commit").asText("");
            long changed = environment.path("git").path("changed_files").asLong();
            if (!commit.isEmpty()) {
                line("git", commit + (changed > 0 ? " with " + changed + " changed files" : ""));
            }
        });
        if (info.trackingError() != null) {
            line("incomplete", info.trackingError());
        }
        line("records", run.directory().toString());
    }

    private void line(String name, String value) {
        console.out().println(console.bold(String.format(Locale.ROOT, "%-11s", name)) + RunsCommand.safe(value, 300));
    }

    private void scores(TrackedRun run) {
        PrintStream out = console.out();
        Map<String, Double> scores = RunValues.scores(run);
        if (!scores.isEmpty()) {
            out.println();
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("SCORE", "VALUE"));
            scores.forEach((name, value) ->
                    rows.add(List.of(RunsCommand.safe(name), String.format(Locale.ROOT, "%.4f", value))));
            Table.print(out, rows);
        }
    }

    private static ObjectNode tree(TrackedRun run, Metrics metrics) {
        ObjectNode tree = RunsCommand.tree(run);
        tree.set("settings", Json.tree(run.settings()));
        run.environment().ifPresent(environment -> tree.set("environment", environment));
        ObjectNode curves = tree.putObject("curves");
        metrics.all().forEach((name, series) -> {
            ArrayNode points = curves.putArray(name);
            for (int i = 0; i < series.size(); i++) {
                points.addArray().add(series.steps()[i]).add(series.values()[i]);
            }
        });
        return tree;
    }
}
