package dev.parlance.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.Json;
import dev.parlance.config.TrackingConfig;
import dev.parlance.metric.DisplayWidth;
import dev.parlance.track.RunFilter;
import dev.parlance.track.RunStore;
import dev.parlance.track.RunValues;
import dev.parlance.track.RunsPage;
import dev.parlance.track.TrackedRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** What training recorded. Must not touch training, as {@link PredictCommand}. */
@CommandLine.Command(
        name = "runs",
        description = {
            "List the training runs that were recorded, newest first; 'show', 'compare' and 'follow' look closer.",
            "Filters and --sort take id, status, model, data, started_at, seconds, step, any setting such as"
                    + " learning_rate, and any score such as eval_macro_f1 or test_accuracy."
        },
        footer = {
            "  parlance runs --filter status=finished --filter 'learning_rate<=1e-4' --sort eval_macro_f1 --reverse",
            "  parlance runs show last",
            "  parlance runs compare 20260102-150405-reviews 20260103-101112-reviews",
            "  parlance runs follow last",
            "  parlance runs --html runs.html"
        })
final class RunsCommand implements Command {
    private static final int TABLE_ROWS = 30;
    private static final int PAGE_RUNS = 200;
    private static final int MAX_CELL = 44;

    @Option(
            names = "--runs-dir",
            scope = ScopeType.INHERIT,
            paramLabel = "<dir>",
            description = "Where runs are recorded. Left out: $PARLANCE_RUNS, else runs in this directory.")
    private @Nullable Path runsDir;

    @Option(
            names = "--filter",
            paramLabel = "<condition>",
            description =
                    "Only runs for which KEY=VALUE holds; also !=, <, <=, >, >=; * in a value stands for anything."
                            + " Repeatable.")
    private List<String> filters = new ArrayList<>();

    @Option(names = "--sort", paramLabel = "<key>", description = "Least first by this value instead of newest first.")
    private @Nullable String sort;

    @Option(names = "--reverse", description = "Turn the order round.")
    private boolean reverse;

    @Option(
            names = "--limit",
            paramLabel = "<n>",
            description = "Most runs that are shown; 0 shows all. Left out: 30, and 200 in a page.")
    private @Nullable Integer limit;

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "Print JSON instead of a table.")
    private boolean json;

    @Option(
            names = "--html",
            paramLabel = "<file>",
            description = "Write a page with curves, parallel coordinates and confusion matrices; it needs no network.")
    private @Nullable Path html;

    private final Console console;

    RunsCommand(Console console) {
        this.console = console;
    }

    @Override
    public void configure(CommandSpec spec) {
        Commands.addTo(spec, new Commands.Entry("show", c -> new RunsShowCommand(c, this)), console);
        Commands.addTo(spec, new Commands.Entry("compare", c -> new RunsCompareCommand(c, this)), console);
        Commands.addTo(spec, new Commands.Entry("follow", c -> new RunsFollowCommand(c, this)), console);
    }

    RunStore store() {
        return runsDir == null ? RunStore.ofDefaults(System.getenv()) : new RunStore(runsDir);
    }

    boolean json() {
        return json;
    }

    @Override
    public Integer call() {
        List<TrackedRun> chosen = chosen(store().runs(line -> console.err().println("warning: " + safe(line))));
        if (html != null) {
            writePage(html, chosen);
            return OK;
        }
        List<TrackedRun> shown = first(chosen, TABLE_ROWS);
        if (json) {
            console.out()
                    .print(Json.pretty(shown.stream().map(RunsCommand::tree).toList()));
        } else {
            print(shown, chosen.size() - shown.size());
        }
        return OK;
    }

    private List<TrackedRun> chosen(List<TrackedRun> all) {
        List<TrackedRun> chosen = new ArrayList<>(all);
        if (!all.isEmpty() && (sort != null || !filters.isEmpty())) {
            Map<TrackedRun, Map<String, String>> values = new LinkedHashMap<>();
            all.forEach(run -> values.put(run, RunValues.of(run)));
            for (String text : filters) {
                RunFilter filter = RunFilter.parse(text).resolve(values.values());
                chosen.removeIf(run -> !filter.matches(values.getOrDefault(run, Map.of())));
            }
            if (sort != null) {
                String key = RunValues.resolve(sort, values.values());
                chosen.sort(Comparator.comparing(
                        run -> values.getOrDefault(run, Map.of()).getOrDefault(key, ""), RunValues::compare));
            }
        }
        if (reverse) {
            Collections.reverse(chosen);
        }
        return chosen;
    }

    private List<TrackedRun> first(List<TrackedRun> runs, int standard) {
        int most = limit == null ? standard : limit <= 0 ? runs.size() : limit;
        return runs.subList(0, Math.min(most, runs.size()));
    }

    private void writePage(Path file, List<TrackedRun> chosen) {
        List<TrackedRun> shown = first(chosen, PAGE_RUNS);
        AtomicFile.write(file, RunsPage.render(shown, chosen.size() - shown.size()));
        console.err().println(shown.size() + " runs written to " + file);
    }

    private void print(List<TrackedRun> shown, int more) {
        if (shown.isEmpty()) {
            console.err()
                    .println("no runs" + (filters.isEmpty() ? "" : " that fit") + " in "
                            + store().directory() + "; training records them there, or where "
                            + TrackingConfig.ENVIRONMENT_VARIABLE + " or --runs-dir says");
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("ID", "STATUS", "MODEL", "DATA", "SCORE", "STEP", "TIME"));
        for (TrackedRun run : shown) {
            rows.add(List.of(
                    safe(run.id()),
                    run.status().toString(),
                    safe(run.info().model()),
                    safe(run.info().data()),
                    safe(RunValues.headline(run)),
                    run.info().step() + "/" + run.info().steps(),
                    ProgressLine.time(run.duration().toMillis() / 1000.0)));
        }
        Table.print(console.out(), rows);
        if (more > 0) {
            console.err().println(more + " more; --limit 0 shows all");
        }
    }

    /** A text of a run's files for a terminal: without control characters, and not too long. */
    static String safe(String text) {
        return safe(text, MAX_CELL);
    }

    /** The same with room for a number of columns. */
    static String safe(String text, int width) {
        return DisplayWidth.fit(text, width);
    }

    /** A run as JSON: what its file says, and how it really stands. */
    static ObjectNode tree(TrackedRun run) {
        ObjectNode tree = run.info().toJson();
        tree.put("id", run.id());
        tree.put("status", run.status().toString());
        tree.put("directory", run.directory().toString());
        return tree;
    }
}
