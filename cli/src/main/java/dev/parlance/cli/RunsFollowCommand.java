package dev.parlance.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.Json;
import dev.parlance.track.MetricsTail;
import dev.parlance.track.RunFiles;
import dev.parlance.track.RunStatus;
import dev.parlance.track.RunValues;
import dev.parlance.track.TrackedRun;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A run of another process as it goes on. */
@CommandLine.Command(
        name = "follow",
        description = {
            "Print what a run measures, from its start and then live, until it ends; the run may be of another process.",
            "Ends with 0 if the run finished or was asked to stop, and with 1 if it failed or was lost."
        },
        footer = {"  parlance runs follow last", "  parlance runs follow last --json | jq -c '{step, loss}'"})
final class RunsFollowCommand implements Command {
    @Parameters(paramLabel = "ID", description = "A run as 'parlance runs' lists it.")
    private String id = "";

    @Option(
            names = "--poll-millis",
            paramLabel = "<n>",
            defaultValue = "500",
            description = "How long to wait between two looks. Default: ${DEFAULT-VALUE}.")
    private long pollMillis;

    private final Console console;
    private final RunsCommand runs;

    RunsFollowCommand(Console console, RunsCommand runs) {
        this.console = console;
        this.runs = runs;
    }

    @Override
    public Integer call() throws InterruptedException {
        TrackedRun run = runs.store().run(id);
        MetricsTail tail = new MetricsTail(run.directory().resolve(RunFiles.METRICS));
        RunStatus status;
        do {
            run = TrackedRun.read(run.directory()); // before the lines, so that none is missed at the end
            status = run.status();
            tail.poll(this::print);
            console.out().flush();
            if (!status.ended()) {
                Thread.sleep(Math.max(10, pollMillis));
            }
        } while (!status.ended());
        String error = run.info().error();
        String score = RunValues.headline(run);
        console.err()
                .println(RunsCommand.safe(run.id()) + " is " + status
                        + (error == null ? "" : ": " + RunsCommand.safe(error, 300))
                        + (score.isEmpty() ? "" : ", " + RunsCommand.safe(score)));
        return status == RunStatus.FINISHED || status == RunStatus.INTERRUPTED ? OK : FAILED;
    }

    private void print(ObjectNode line) {
        if (runs.json()) {
            console.out().println(Json.line(line));
            return;
        }
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "step %,d, epoch %.2f",
                line.path("step").asLong(),
                line.path("epoch").asDouble()));
        for (Map.Entry<String, JsonNode> entry : line.properties()) {
            if (isOfInterest(entry.getKey())) {
                text.append(", ").append(entry.getKey()).append(' ').append(number(entry.getValue()));
            }
        }
        console.out().println(RunsCommand.safe(text.toString(), 300));
    }

    /** Of the many scores of an evaluation a line has room for a few. */
    private static boolean isOfInterest(String name) {
        return switch (name) {
            case "loss", "learning_rate", "grad_norm", "tokens_per_second", "train_runtime" -> true;
            case "eval_loss", "eval_accuracy", "eval_macro_f1", "test_accuracy", "test_macro_f1" -> true;
            default -> false;
        };
    }

    private static String number(JsonNode value) {
        double number = value.asDouble();
        double size = Math.abs(number);
        return size >= 1000
                ? String.format(Locale.ROOT, "%,.0f", number)
                : String.format(Locale.ROOT, size > 0 && size < 1e-3 ? "%.1e" : "%.4f", number);
    }
}
