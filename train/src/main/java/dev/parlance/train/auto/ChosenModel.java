package dev.parlance.train.auto;

import dev.parlance.bundle.BundleContents;
import dev.parlance.bundle.BundleWriter;
import dev.parlance.bundle.ModelBundle;
import dev.parlance.bundle.Provenance;
import dev.parlance.bundle.Selection;
import dev.parlance.config.RunConfig;
import dev.parlance.data.Splits;
import dev.parlance.metric.Report;
import dev.parlance.task.TextClassification;
import dev.parlance.train.loop.RunProvenance;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Saves what was chosen: the only candidate once more, or an ensemble. */
final class ChosenModel {
    private final RunConfig config;
    private final Splits splits;
    private final List<String> command;
    private final Instant startedAt;

    /** @param command the words that the user typed, empty if a program called */
    ChosenModel(RunConfig config, Splits splits, List<String> command, Instant startedAt) {
        this.config = config;
        this.splits = splits;
        this.command = command;
        this.startedAt = startedAt;
    }

    ModelBundle save(Choice choice, Map<String, Report> reports, Selection selection) {
        List<ModelBundle> bundles =
                choice.chosen().stream().map(Candidate::bundle).toList();
        return bundles.size() == 1
                ? single(bundles.get(0), reports, selection)
                : ensemble(choice, bundles, reports, selection);
    }

    private ModelBundle single(ModelBundle winner, Map<String, Report> reports, Selection selection) {
        RunConfig run = winner.run()
                .orElseThrow()
                .with("output_dir", config.outputDir())
                .with("overwrite_output_dir", config.overwriteOutputDir())
                .with("training.max_time", config.training().maxTime());
        return BundleWriter.copy(
                output(),
                config.overwriteOutputDir(),
                winner,
                BundleContents.of(winner, reports, run, provenance(run, List.of(winner)), selection));
    }

    private ModelBundle ensemble(
            Choice choice, List<ModelBundle> bundles, Map<String, Report> reports, Selection selection) {
        Map<String, Double> members = new LinkedHashMap<>();
        choice.chosen().forEach(candidate -> members.put(candidate.name(), choice.weight(candidate)));
        BundleContents contents = BundleContents.ofEnsemble(
                members,
                new TextClassification(splits.labels()),
                reports,
                config,
                provenance(config, bundles),
                selection);
        return BundleWriter.writeEnsemble(output(), config.overwriteOutputDir(), contents, bundles);
    }

    private Path output() {
        return Path.of(config.outputDir());
    }

    private Provenance provenance(RunConfig run, List<ModelBundle> members) {
        int threads = run.training().threads();
        Map<String, String> libraries = new TreeMap<>();
        for (ModelBundle member : members) {
            member.provenance()
                    .orElseThrow()
                    .path("libraries")
                    .properties()
                    .forEach(library ->
                            libraries.put(library.getKey(), library.getValue().asText()));
        }
        return RunProvenance.of(
                run,
                splits,
                command,
                startedAt,
                threads == 0 ? Runtime.getRuntime().availableProcessors() : threads,
                libraries);
    }
}
