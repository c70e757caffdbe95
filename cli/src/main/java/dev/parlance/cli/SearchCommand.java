package dev.parlance.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.bundle.BundleWriter;
import dev.parlance.cli.Setting.Group;
import dev.parlance.config.Json;
import dev.parlance.config.RunConfig;
import dev.parlance.config.UserError;
import dev.parlance.train.checkpoint.Resume;
import dev.parlance.train.loop.FineTuning;
import dev.parlance.train.search.Search;
import dev.parlance.train.search.SearchOptions;
import dev.parlance.train.search.SearchResult;
import dev.parlance.train.search.SearchSpace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;

/** From a file to the settings that suit it. */
@CommandLine.Command(
        name = "search",
        description = {
            "Search for good settings: train with many, each in a process of its own, and compare them on the validation data.",
            "The test data is looked at once, by the final model with the best settings. The search is kept in a directory;"
                    + " best.yaml there is a run file for 'parlance train --config'.",
            "Ctrl-C ends the search and kills the trials that run; --resume goes on and does these again."
        },
        footer = {
            "  parlance search --data reviews.csv --time-budget 30m",
            "  parlance search --data reviews.csv --param training.learning_rate=1e-5..1e-3:log \\",
            "      --param training.num_train_epochs=2,3,4 --method tpe --scheduler asha --trials 30 --parallel 2",
            "  parlance search --config run.yaml --space space.yaml --method grid --resume"
        })
final class SearchCommand implements Command {
    @Mixin
    private SearchFlags flags = new SearchFlags();

    private final Console console;
    private final RunOptions settings = RunOptions.ofTraining(Settings.of(
            Group.WHAT, Group.DATA, Group.LIMITS, Group.MODEL, Group.LINEAR, Group.TRAINING, Group.TRACKING));
    private CommandSpec spec = CommandSpec.create();

    SearchCommand(Console console) {
        this.console = console;
    }

    @Override
    public void configure(CommandSpec spec) {
        this.spec = spec;
        settings.addTo(spec);
    }

    @Override
    public Integer call() {
        RunConfig run = settings.run();
        if (run.data().train() == null) {
            throw new UserError("there is nothing to train on, expected --data FILE with labelled texts");
        }
        RunConfig placed = FineTuning.withOutputDir(run);
        if (flags.finalModel()) {
            BundleWriter.check(Path.of(placed.outputDir()), placed.overwriteOutputDir());
        }
        SearchOptions options = flags.options();
        ProgressLine line = new ProgressLine(console);
        Interrupts interrupts =
                Interrupts.listen(text -> line.line("stopping; --resume goes on with what is finished"));
        interrupts.somethingToSave(); // the loop ends by itself, so that no trial outlives it
        SearchSpace space = flags.space(run);
        SearchResult result;
        try {
            result = Search.run(run, space, options, new SearchProgress(console, line), interrupts);
        } catch (UserError e) {
            if (!interrupts.getAsBoolean()) {
                throw e;
            }
            console.err().println("parlance: " + e.getMessage());
            return interrupts.exitCode();
        }
        line.clear();
        boolean finalModel = flags.finalModel() && !interrupts.getAsBoolean();
        return flags.json() ? json(result, finalModel, interrupts) : tables(result, space, finalModel, interrupts);
    }

    private int tables(SearchResult result, SearchSpace space, boolean finalModel, Interrupts interrupts) {
        new SearchTables(console.out(), result, space).print();
        console.out().flush();
        console.err().println();
        console.err()
                .println("best settings: " + console.bold(result.bestFile().toString()) + "; again with '"
                        + Console.command() + " train --config " + result.bestFile() + "'");
        if (!finalModel) {
            return interrupts.exitCode();
        }
        TrainingRun training = finalModel(result);
        console.out().println();
        training.printReport();
        return training.exitCode();
    }

    private int json(SearchResult result, boolean finalModel, Interrupts interrupts) {
        ObjectNode json = result.toJson();
        int code = interrupts.exitCode();
        if (finalModel) {
            TrainingRun training = finalModel(result);
            code = training.exitCode();
            ObjectNode model = json.putObject("final_model");
            model.put("directory", training.result().bundle().toString());
            model.put("measured_on", training.result().test() == null ? "validation" : "test");
            model.set("report", training.result().report().toJson());
        }
        console.out().print(Json.pretty(json));
        return code;
    }

    private TrainingRun finalModel(SearchResult result) {
        console.err().println();
        console.err().println(console.bold("The model with the best settings"));
        List<String> words = new ArrayList<>(List.of("parlance"));
        words.addAll(spec.root().commandLine().getParseResult().originalArgs());
        return TrainingRun.start(console, result.bestConfig(), words, Resume.NO);
    }
}
