package dev.parlance.train.auto;

import dev.parlance.bundle.BundleWriter;
import dev.parlance.bundle.ModelBundle;
import dev.parlance.bundle.Selection;
import dev.parlance.config.Contradictions;
import dev.parlance.config.LinearConfig;
import dev.parlance.config.RunConfig;
import dev.parlance.config.UserError;
import dev.parlance.data.DataAudit;
import dev.parlance.data.Dataset;
import dev.parlance.data.Splits;
import dev.parlance.metric.Report;
import dev.parlance.task.TextClassification;
import dev.parlance.train.hub.ModelStore;
import dev.parlance.train.hub.ProgressListener;
import dev.parlance.train.loop.FineTuning;
import dev.parlance.train.loop.TrainingCost;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The best model that can be had in a given time. Audits the data; trains a linear model, which takes seconds; then encoders
 * that fit the language and the time, each as long as is of use; averages models if that is better; measures the chosen one
 * on the test data, which was not looked at before, and saves it. Each choice is told with its reason. What is finished stays
 * finished: the same call again goes on with the next candidate.
 */
public final class Auto {
    private static final String LINEAR_NAME = "linear";

    private static final double SAVING_SECONDS = 3;

    private final RunConfig config;
    private final Budget budget;
    private final ModelStore store;
    private final List<String> command;
    private final AutoListener listener;
    private final BooleanSupplier stopRequested;
    private final AutoDirectory directory;
    private final Splits splits;
    private final TextClassification task;
    private final DataFacts facts;
    private final Comparison comparison;
    private final Instant startedAt = Instant.now();
    private final List<String> choices = new ArrayList<>();
    private final List<Candidate> candidates = new ArrayList<>();
    private final Map<String, TrainingCost> costs = new HashMap<>();

    private Auto(
            RunConfig config,
            Splits splits,
            Budget budget,
            ModelStore store,
            List<String> command,
            AutoListener listener,
            BooleanSupplier stopRequested) {
        this.config = config;
        this.splits = splits;
        this.budget = budget;
        this.store = store;
        this.command = command;
        this.listener = listener;
        this.stopRequested = stopRequested;
        this.directory = new AutoDirectory(config);
        this.task = new TextClassification(splits.labels());
        this.facts = DataFacts.of(splits);
        this.comparison = Comparison.of(config);
    }

    /** Runs with the models of {@code PARLANCE_HOME} or {@code ~/.cache/parlance}, and reports to nobody. */
    public static AutoResult run(RunConfig config, AutoOptions options) {
        ModelStore store = ModelStore.fromEnvironment(System.getenv(), ProgressListener.NONE);
        return run(config, options, store, List.of(), AutoListener.NONE, () -> false)
                .orElseThrow(() -> new IllegalStateException("nobody asked for a stop"));
    }

    /**
     * Runs until the time is used up or nothing is left to try.
     *
     * @param config the settings; those that are not at their defaults are kept, the others are chosen
     * @param store where pretrained models come from
     * @param command the words that the user typed, for the model card; empty if a program calls
     * @param stopRequested asked after every step; the candidate that is being trained writes a checkpoint
     * @return the model, or nothing if a stop was requested before it was chosen
     * @throws UserError if settings or data cannot be used, or the directory holds other candidates
     */
    public static Optional<AutoResult> run(
            RunConfig config,
            AutoOptions options,
            ModelStore store,
            List<String> command,
            AutoListener listener,
            BooleanSupplier stopRequested) {
        Budget budget = new Budget(options.seconds(), System::nanoTime);
        Contradictions.refuse(config);
        Contradictions.refuseProfile(config, "--auto");
        if (config.model().modelNameOrPath().equals(LinearConfig.MODEL)) {
            throw new UserError("the model is linear and is to be chosen (--auto); leave one of them out");
        }
        RunConfig placed = FineTuning.withOutputDir(config);
        BundleWriter.check(Path.of(placed.outputDir()), placed.overwriteOutputDir());
        listener.training().onPhase("Reading the data");
        Splits splits = Splits.read(placed.data());
        listener.onData(splits);
        return new Auto(placed, splits, budget, store, command, listener, stopRequested).run();
    }

    private Optional<AutoResult> run() {
        List<String> files = splits.parts().stream()
                .map(part -> part.name() + " " + part.file().sha256() + " " + part.size() + " rows")
                .toList();
        directory.begin(AutoDirectory.plan(config, files), config.overwriteOutputDir());
        audit();
        Trials trials = new Trials(splits, store, directory, listener, stopRequested);
        if (!trainLinear(trials) || !trainEncoders(trials)) {
            return Optional.empty();
        }
        AutoResult result = choose();
        directory.delete();
        return Optional.of(result);
    }

    private AutoResult choose() {
        Choice chosen = Choice.among(candidates, splits.validation(), task, comparison);
        choice(chosen.why());
        Map<String, Report> reports = new LinkedHashMap<>();
        Dataset test = splits.test();
        if (test != null) {
            listener.training().onPhase("Measuring on the test data");
            reports.put("test", chosen.measure(test, task));
        }
        Report validation = chosen.measure(splits.validation(), task);
        reports.put("validation", validation);
        listener.training().onPhase("Saving to " + config.outputDir());
        Selection selection = new Selection(
                comparison.metric(),
                budget.seconds(),
                budget.used(),
                candidates.stream()
                        .map(candidate -> candidate.toSelection(chosen.weight(candidate)))
                        .toList(),
                choices);
        ModelBundle bundle = new ChosenModel(config, splits, command, startedAt).save(chosen, reports, selection);
        return new AutoResult(bundle.directory(), selection, validation, reports.get("test"));
    }

    private void choice(String sentence) {
        choices.add(sentence);
        listener.onChoice(sentence);
    }

    private void audit() {
        choice(facts.sentence());
        AuditNotes.of(DataAudit.of(splits, String::length, Integer.MAX_VALUE)).forEach(this::choice);
    }

    private boolean trainLinear(Trials trials) {
        String why = "linear first: it takes seconds and says what an encoder has to beat";
        choice(why);
        RunConfig linear = config.with("model.model_name_or_path", LinearConfig.MODEL);
        return add(trials.train(LINEAR_NAME, why, linear, List.of("linear.c")));
    }

    /** Adds what was trained; false if a stop was requested. */
    private boolean add(Optional<Trials.Trained> trained) {
        trained.ifPresent(finished -> {
            candidates.add(finished.candidate());
            if (finished.before()) {
                budget.usedBefore(finished.candidate().seconds());
            }
        });
        return trained.isPresent();
    }

    private boolean trainEncoders(Trials trials) {
        Portfolio portfolio = new Portfolio(config, facts);
        List<Portfolio.Entry> tried = new ArrayList<>();
        Map<String, Portfolio.Entry> byName = new LinkedHashMap<>();
        for (Optional<Portfolio.Entry> next = portfolio.next(tried, bestEncoder(byName));
                next.isPresent();
                next = portfolio.next(tried, bestEncoder(byName))) {
            if (left() < Plan.FIXED_SECONDS) {
                choice(format("%s of the time are left: too little for another encoder", Plan.minutes(budget.left())));
                return true;
            }
            Portfolio.Entry entry = next.get();
            tried.add(entry);
            Optional<Encoder> encoder = encoder(entry, trials, byName.isEmpty());
            if (encoder.isEmpty()) {
                continue;
            }
            choice(encoder.get().why());
            if (encoder.get().fits()) {
                if (!add(trials.train(
                        entry.name(), encoder.get().why(), encoder.get().config(), Encoder.CHOSEN))) {
                    return false;
                }
                byName.put(entry.name(), entry);
            }
        }
        choice("nothing is left to try");
        return true;
    }

    /** What an earlier call has begun or finished, or else what is planned now; nothing if the model cannot be had. */
    private Optional<Encoder> encoder(Portfolio.Entry entry, Trials trials, boolean first) {
        Optional<String> begun = trials.begun(entry.name());
        if (begun.isPresent()) {
            return Optional.of(new Encoder(config, true, begun.get()));
        }
        try {
            TrainingCost cost = cost(entry.model());
            return Optional.of(Encoder.fit(config, facts, cost, entry, left(), first));
        } catch (UserError e) {
            if (!config.model().modelNameOrPath().equals("auto")) {
                throw e; // the user wants this one
            }
            choice(entry.name() + " is left out: " + e.getMessage());
            return Optional.empty();
        }
    }

    private TrainingCost cost(String model) {
        TrainingCost known = costs.get(model);
        if (known != null) {
            return known;
        }
        listener.training().onPhase("Measuring how fast " + model + " trains");
        TrainingCost cost = FineTuning.cost(config.with("model.model_name_or_path", model), splits, store);
        costs.put(model, cost);
        return cost;
    }

    /** Seconds for the next candidate: what is left, but for asking those before it for the test texts and saving. */
    private double left() {
        double asking = candidates.stream()
                .map(candidate -> costs.get(candidate.model()))
                .filter(Objects::nonNull)
                .mapToDouble(cost -> cost.evaluationSeconds(facts.testRows(), cost.maxTokens()))
                .sum();
        return budget.left() - asking - SAVING_SECONDS;
    }

    private Optional<Portfolio.Entry> bestEncoder(Map<String, Portfolio.Entry> encoders) {
        return candidates.stream()
                .filter(candidate -> encoders.containsKey(candidate.name()))
                .reduce((a, b) -> comparison.gain(b.validation(), a.validation()) > 0 ? b : a)
                .map(candidate -> encoders.get(candidate.name()));
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
