package dev.parlance.cli;

import dev.parlance.config.Durations;
import dev.parlance.config.RunConfig;
import dev.parlance.train.search.SearchOptions;
import dev.parlance.train.search.SearchOptions.Method;
import dev.parlance.train.search.SearchOptions.Scheduler;
import dev.parlance.train.search.SearchSpace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** What is searched, and how. */
final class SearchFlags {
    @ArgGroup(validate = false, exclusive = false, heading = "%nSearch:%n")
    private Group group = new Group();

    private static final class Group {
        @Option(
                names = "--param",
                paramLabel = "<name=values>",
                description =
                        "A setting and its values: a range such as training.learning_rate=1e-5..1e-3:log (:int for whole"
                                + " numbers, :5 for five points of a grid), or a list such as"
                                + " training.per_device_train_batch_size=16,32 (separated by | if values hold commas); repeatable."
                                + " Without any: learning rate, epochs and batch size, or what matters to the linear model.")
        private List<String> params = new ArrayList<>();

        @Option(names = "--space", paramLabel = "<file>", description = "The same from a file in YAML or JSON.")
        private @Nullable Path space;

        @Option(
                names = "--method",
                paramLabel = "<grid|random|tpe>",
                defaultValue = "tpe",
                description =
                        "How values are chosen: every combination, evenly, or like the best so far (TPE). Default: tpe.")
        private Method method = Method.TPE;

        @Option(
                names = "--scheduler",
                paramLabel = "<none|asha|hyperband>",
                defaultValue = "none",
                description = "Which trials are given up after some epochs, since others are better. Default: none.")
        private Scheduler scheduler = Scheduler.NONE;

        @Option(
                names = "--trials",
                paramLabel = "<n>",
                defaultValue = "0",
                description = "Most trials. Left out: 20, or as many as the time allows or the grid has.")
        private int trials;

        @Option(
                names = "--time-budget",
                paramLabel = "<time>",
                description = "Longest time of this search, such as 90s, 10m or 1h30m, without the final model.")
        private @Nullable String timeBudget;

        @Option(
                names = "--parallel",
                paramLabel = "<n>",
                defaultValue = "1",
                description = "Trials at the same time, each in a process of its own. Default: 1.")
        private int parallel = 1;

        @Option(
                names = "--cores-per-trial",
                paramLabel = "<n>",
                defaultValue = "0",
                description = "Threads of each trial; 0 shares the processors out. Default: 0.")
        private int coresPerTrial;

        @Option(
                names = "--min-epochs",
                paramLabel = "<n>",
                defaultValue = "1",
                description = "Epochs before a trial may be given up. Default: 1.")
        private double minEpochs = 1;

        @Option(
                names = "--eta",
                paramLabel = "<n>",
                defaultValue = "3",
                description = "One of how many trials goes on where some are given up. Default: 3.")
        private int eta = 3;

        @Option(
                names = "--startup-trials",
                paramLabel = "<n>",
                defaultValue = "10",
                description = "Trials that TPE draws evenly first. Default: 10.")
        private int startupTrials = 10;

        @Option(
                names = "--search-seed",
                paramLabel = "<n>",
                defaultValue = "42",
                description = "Seed of what is drawn. Default: 42.")
        private long seed = 42;

        @Option(
                names = "--search-dir",
                paramLabel = "<dir>",
                description = "Where the search is kept. Left out: the model's directory with .search after its name.")
        private @Nullable Path directory;

        @Option(names = "--resume", description = "Go on with the search that is there.")
        private boolean resume;

        @Option(
                names = "--final-model",
                paramLabel = "<true|false>",
                arity = "0..1",
                defaultValue = "true",
                fallbackValue = "true",
                description =
                        "Train the model with the best settings afterwards and measure it on the test data. Default:"
                                + " true.")
        private boolean finalModel = true;

        @Option(names = "--json", description = "Print the result as JSON instead of tables.")
        private boolean json;
    }

    SearchSpace space(RunConfig base) {
        return group.params.isEmpty() && group.space == null
                ? SearchSpace.defaults(base)
                : SearchSpace.parse(base, group.space, group.params);
    }

    SearchOptions options() {
        String time = group.timeBudget;
        return new SearchOptions(
                group.method,
                group.scheduler,
                group.trials,
                time == null ? null : Durations.parse("--time-budget", time),
                group.parallel,
                group.coresPerTrial,
                group.minEpochs,
                group.eta,
                group.startupTrials,
                group.seed,
                group.directory,
                group.resume);
    }

    boolean finalModel() {
        return group.finalModel;
    }

    boolean json() {
        return group.json;
    }
}
