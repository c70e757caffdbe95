package dev.parlance.train.search;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.ConfigFiles;
import dev.parlance.config.Contradictions;
import dev.parlance.config.Json;
import dev.parlance.config.RunConfig;
import dev.parlance.config.UserError;
import dev.parlance.data.Dataset;
import dev.parlance.data.Splits;
import dev.parlance.train.loop.FineTuning;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Finds good settings: trains with one set of values after another, each in a process of its own, and compares them by their
 * score on the validation data. The test data is not looked at. What is finished is kept, so that a search that was broken
 * off goes on where it was.
 */
public final class Search {
    private Search() {}

    /** Searches without reporting to anybody. */
    public static SearchResult run(RunConfig config, SearchSpace space, SearchOptions options) {
        return run(config, space, options, SearchListener.NONE, () -> false);
    }

    /**
     * Searches until the trials, the time or the grid are used up, or a stop is requested; trials that run then are killed
     * and will be done again when the search goes on.
     *
     * @param config the settings of which some are searched
     * @param listener hears how it goes
     * @param stopRequested asked several times a second
     * @throws UserError if the settings or data cannot be used, there is a search that was not to be resumed, all trials
     *     failed, or none was finished
     */
    public static SearchResult run(
            RunConfig config,
            SearchSpace space,
            SearchOptions options,
            SearchListener listener,
            BooleanSupplier stopRequested) {
        Contradictions.refuseProfile(config, "a search");
        RunConfig placed = FineTuning.withOutputDir(config);
        Objective objective = Objective.of(config);
        Sampler sampler = sampler(space, options, objective); // refuses what it cannot do before anything is written
        Splits splits = Splits.read(config.data());
        SearchDirectory directory = new SearchDirectory(directory(placed, options));
        directory.begin(plan(placed, space, options, splits), splits, options.resume());
        TrialLog log = TrialLog.open(directory.trialLog());
        boolean pairs = splits.train().columns().textPair() != null;
        long start = System.nanoTime();
        String ended;
        try (SearchLoop loop = new SearchLoop(
                options,
                sampler,
                pruner(space, options, placed),
                objective,
                new SearchLoop.Place(directory, log, pairs, values -> space.apply(placed, values)),
                listener,
                stopRequested)) {
            ended = loop.run();
        }
        return result(placed, space, options, objective, directory, log, ended, (System.nanoTime() - start) / 1e9);
    }

    /** Where a search of these settings is kept. */
    public static Path directory(RunConfig config, SearchOptions options) {
        Path told = options.directory();
        String output = FineTuning.withOutputDir(config).outputDir();
        return told == null ? Path.of(output.replaceAll("[/\\\\]+$", "") + ".search") : told;
    }

    private static Sampler sampler(SearchSpace space, SearchOptions options, Objective objective) {
        return switch (options.method()) {
            case GRID -> new GridSampler(space);
            case RANDOM -> new RandomSampler(space, options.seed());
            case TPE -> new TpeSampler(space, objective, options.startupTrials(), options.seed());
        };
    }

    private static Pruner pruner(SearchSpace space, SearchOptions options, RunConfig config) {
        double most = longest(space, config);
        return switch (options.scheduler()) {
            case NONE -> Pruner.NONE;
            case ASHA -> new Asha(options.minEpochs(), most, options.eta());
            case HYPERBAND -> new Hyperband(options.minEpochs(), most, options.eta());
        };
    }

    /** Epochs of the longest trial that there can be. */
    private static double longest(SearchSpace space, RunConfig config) {
        double most = config.training().numTrainEpochs();
        for (Parameter parameter : space.parameters()) {
            if (parameter.name().equals("training.num_train_epochs")) {
                most = parameter instanceof Choice choice
                        ? choice.values().stream()
                                .mapToDouble(Double::parseDouble)
                                .max()
                                .orElse(most)
                        : Double.parseDouble(parameter.value(1));
            }
        }
        return most;
    }

    /** What must be the same if a search goes on. Trials, time and processes may change. */
    private static ObjectNode plan(RunConfig config, SearchSpace space, SearchOptions options, Splits splits) {
        ObjectNode plan = Json.object();
        plan.put("method", options.method().name())
                .put("scheduler", options.scheduler().name())
                .put("seed", options.seed())
                .put("startup_trials", options.startupTrials())
                .put("min_epochs", options.minEpochs())
                .put("eta", options.eta());
        ObjectNode searched = plan.putObject("space");
        for (Parameter parameter : space.parameters()) {
            searched.set(parameter.name(), Json.tree(parameter));
        }
        ObjectNode data = plan.putObject("data");
        for (Dataset part : List.of(splits.train(), splits.validation())) {
            data.put(part.name(), part.file().sha256() + " " + part.size() + " rows");
        }
        ObjectNode settings = ConfigFiles.toTree(config);
        settings.remove(List.of("overwrite_output_dir", "tracking"));
        ((ObjectNode) settings.path("training")).remove("threads");
        plan.set("settings", settings);
        return plan;
    }

    private static SearchResult result(
            RunConfig config,
            SearchSpace space,
            SearchOptions options,
            Objective objective,
            SearchDirectory directory,
            TrialLog log,
            String ended,
            double seconds) {
        List<Trial> trials = log.trials();
        Trial best = objective.best(trials).orElseThrow(() -> nothingFinished(directory, trials, ended));
        RunConfig bestConfig = space.apply(config, best.values());
        SearchResult result = new SearchResult(
                directory.path(),
                objective.metric(),
                trials,
                best,
                bestConfig,
                Importance.of(space, objective, trials, options.seed()),
                ended,
                seconds);
        directory.writeBest(bestConfig);
        directory.writeResult(result.toJson());
        return result;
    }

    private static UserError nothingFinished(SearchDirectory directory, List<Trial> trials, String ended) {
        List<Trial> failed = trials.stream()
                .filter(trial -> trial.status() == Trial.Status.FAILED)
                .toList();
        boolean nothingElse = trials.stream().noneMatch(trial -> trial.status() == Trial.Status.PRUNED);
        if (!failed.isEmpty() && nothingElse) {
            return new UserError("all of " + failed.size() + " trials failed, the first since "
                    + failed.get(0).error() + "; see "
                    + directory.trial(failed.get(0).number()).resolve("log.txt"));
        }
        return new UserError("no trial was trained to its end (" + ended + "); go on with --resume"
                + (ended.contains("time") ? " and more time" : ""));
    }
}
