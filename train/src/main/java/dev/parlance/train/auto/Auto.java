package dev.parlance.train.auto;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.bundle.BundleContents;
import dev.parlance.bundle.BundleWriter;
import dev.parlance.bundle.ModelBundle;
import dev.parlance.bundle.Provenance;
import dev.parlance.bundle.Selection;
import dev.parlance.config.Contradictions;
import dev.parlance.config.LinearConfig;
import dev.parlance.config.RunConfig;
import dev.parlance.config.UserError;
import dev.parlance.data.DataAudit;
import dev.parlance.data.Dataset;
import dev.parlance.data.Example;
import dev.parlance.data.Splits;
import dev.parlance.metric.ClassificationMetrics;
import dev.parlance.metric.Report;
import dev.parlance.task.TextClassification;
import dev.parlance.train.hub.ModelStore;
import dev.parlance.train.hub.ProgressListener;
import dev.parlance.train.loop.FineTuning;
import dev.parlance.train.loop.LabelProbabilities;
import dev.parlance.train.loop.RunProvenance;
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
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * The best model that can be had in a given time. Audits the data; trains a linear model, which takes seconds; then encoders
 * that fit the language and the time, each as long as is of use; averages models if that is better; measures the chosen one
 * on the test data, which was not looked at before, and saves it. Each choice is told with its reason. What is finished stays
 * finished: the same call again goes on with the next candidate.
 */
public final class Auto {
    private static final String LINEAR_NAME = "linear";

    /** Less is within the noise of the validation data, and not worth running several models for each text. */
    private static final double LEAST_GAIN = 0.002;

    private static final int MOST_ENCODERS = 4;
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
    private final String metric;
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
        this.metric = metric(config);
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

    private static String metric(RunConfig config) {
        String asked = config.training().metricForBestModel();
        String name = asked == null ? "macro_f1" : asked.startsWith("eval_") ? asked.substring(5) : asked;
        return name.equals("loss") ? "log_loss" : name;
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

    private void choice(String sentence) {
        choices.add(sentence);
        listener.onChoice(sentence);
    }

    private void audit() {
        choice(facts.sentence());
        AuditNotes.of(DataAudit.of(splits, String::length, Integer.MAX_VALUE)).forEach(this::choice);
    }

    // --- candidates -------------------------------------------------------------------------------------------------

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
        while (byName.size() < MOST_ENCODERS) {
            Optional<Portfolio.Entry> next = portfolio.next(tried, bestEncoder(byName));
            if (next.isEmpty()) {
                choice("nothing is left to try");
                return true;
            }
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
        choice(MOST_ENCODERS + " encoders are tried, more are not");
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
                .reduce((a, b) -> isBetter(b.validation(), a.validation()) ? b : a)
                .map(candidate -> encoders.get(candidate.name()));
    }

    // --- the choice -------------------------------------------------------------------------------------------------

    private boolean isBetter(Report one, Report other) {
        return gain(one, other) > 0;
    }

    /** By how much the first is better. */
    private double gain(Report one, Report other) {
        double difference = one.metric(metric) - other.metric(metric);
        return Report.greaterIsBetter(metric) ? difference : -difference;
    }

    private AutoResult choose() {
        double[] weights = weights();
        Map<String, Report> reports = new LinkedHashMap<>();
        Dataset test = splits.test();
        if (test != null) {
            listener.training().onPhase("Measuring on the test data");
            reports.put("test", report(test, weights, probabilities(test, weights)));
        }
        Report validation = report(splits.validation(), weights, validationProbabilities());
        reports.put("validation", validation);
        Selection selection = selection(weights);
        ModelBundle bundle = save(weights, reports, selection);
        return new AutoResult(bundle.directory(), selection, validation, reports.get("test"));
    }

    private List<double[][]> validationProbabilities() {
        return candidates.stream().map(Candidate::probabilities).toList();
    }

    /** Of the models that have a weight; the others are not asked. */
    private List<double[][]> probabilities(Dataset data, double[] weights) {
        List<double[][]> all = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            all.add(
                    weights[i] > 0
                            ? LabelProbabilities.of(
                                    candidates.get(i).bundle().directory(), data.examples(), task.labels())
                            : new double[data.size()][task.labels().size()]);
        }
        return all;
    }

    private Report report(Dataset data, double[] weights, List<double[][]> probabilities) {
        return ClassificationMetrics.report(task.labels(), gold(data), GreedyEnsemble.average(probabilities, weights));
    }

    private int[] gold(Dataset data) {
        return data.examples().stream()
                .mapToInt((Example example) -> task.target(example))
                .toArray();
    }

    /** The share of each candidate in the answer: all of it for the best one, unless several are better together. */
    private double[] weights() {
        int best = 0;
        for (int i = 1; i < candidates.size(); i++) {
            best = isBetter(candidates.get(i).validation(), candidates.get(best).validation()) ? i : best;
        }
        double[] alone = new double[candidates.size()];
        alone[best] = 1;
        Candidate winner = candidates.get(best);
        String scores = winner.name() + " scores best on the validation data, "
                + format("%s %.4f", metric, winner.validation().metric(metric));
        if (candidates.size() == 1) {
            choice(scores + ": it is the only candidate");
            return alone;
        }
        double[] together = new GreedyEnsemble(validationProbabilities(), gold(splits.validation())).weights();
        Report average = report(splits.validation(), together, validationProbabilities());
        double gain = gain(average, winner.validation());
        String compared = format("the average %s has %s %.4f", members(together), metric, average.metric(metric));
        if (members(together).isEmpty()) {
            choice(scores + "; no average of several has a lower log loss");
            return alone;
        }
        if (gain < LEAST_GAIN) {
            choice(scores + "; " + compared + ", not enough better to run several models for each text: "
                    + winner.name() + " alone is taken");
            return alone;
        }
        choice(scores + "; " + compared + " and is taken");
        return together;
    }

    /** For example {@code of 0.6 minilm and 0.4 linear}; empty if there is only one. */
    private String members(double[] weights) {
        List<String> members = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] > 0) {
                members.add(format("%.2f %s", weights[i], candidates.get(i).name()));
            }
        }
        return members.size() < 2 ? "" : "of " + String.join(" and ", members);
    }

    private Selection selection(double[] weights) {
        List<Selection.Candidate> compared = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            compared.add(candidates.get(i).toSelection(weights[i]));
        }
        return new Selection(metric, budget.seconds(), budget.used(), compared, choices);
    }

    private ModelBundle save(double[] weights, Map<String, Report> reports, Selection selection) {
        Path output = Path.of(config.outputDir());
        listener.training().onPhase("Saving to " + output);
        Map<String, Double> members = new LinkedHashMap<>();
        List<ModelBundle> bundles = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] > 0) {
                members.put(candidates.get(i).name(), weights[i]);
                bundles.add(candidates.get(i).bundle());
            }
        }
        Map<String, String> libraries = new TreeMap<>();
        bundles.forEach(bundle -> libraries.putAll(libraries(bundle)));
        if (bundles.size() > 1) {
            BundleContents contents =
                    BundleContents.ofEnsemble(members, task, reports, config, provenance(config, libraries), selection);
            return BundleWriter.writeEnsemble(output, config.overwriteOutputDir(), contents, bundles);
        }
        ModelBundle winner = bundles.get(0);
        RunConfig run = winner.run()
                .orElseThrow()
                .with("output_dir", config.outputDir())
                .with("overwrite_output_dir", config.overwriteOutputDir())
                .with("training.max_time", config.training().maxTime());
        return BundleWriter.copy(
                output,
                config.overwriteOutputDir(),
                winner,
                BundleContents.of(winner, reports, run, provenance(run, libraries), selection));
    }

    private Provenance provenance(RunConfig run, Map<String, String> libraries) {
        int threads = run.training().threads();
        return RunProvenance.of(
                run,
                splits,
                command,
                startedAt,
                threads == 0 ? Runtime.getRuntime().availableProcessors() : threads,
                libraries);
    }

    private static Map<String, String> libraries(ModelBundle bundle) {
        Map<String, String> versions = new TreeMap<>();
        ObjectNode provenance = bundle.provenance().orElseThrow();
        provenance
                .path("libraries")
                .properties()
                .forEach(entry -> versions.put(entry.getKey(), entry.getValue().asText()));
        return versions;
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
