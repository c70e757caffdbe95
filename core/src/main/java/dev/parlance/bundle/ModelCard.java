package dev.parlance.bundle;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.Json;
import dev.parlance.metric.Report;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The README.md of a bundle: a model card as the Hugging Face Hub reads it. It names labels, files and scores, but never
 * quotes a text of the data; for a linear model it names n-grams.
 */
final class ModelCard {
    private static final int LABEL_ROWS = 100;

    private final String path; // as typed, or the name alone: an absolute path may name a person
    private final String name;
    private final int maxLength;
    private final BundleContents contents;
    private final Provenance provenance;
    private final String split;
    private final Report report;
    private final StringBuilder out = new StringBuilder();

    ModelCard(Path directory, int maxLength, BundleContents contents) {
        this.maxLength = maxLength;
        this.contents = contents;
        name = String.valueOf(directory.toAbsolutePath().normalize().getFileName());
        path = directory.isAbsolute() ? name : directory.toString();
        provenance = contents.provenance();
        split = HeadlineReport.split(contents.reports());
        report = HeadlineReport.of(contents.reports());
    }

    String render() {
        frontMatter();
        introduction();
        data();
        scores();
        new CardSelection(contents.selection()).lines().forEach(this::line);
        new CardFeatures(contents.topFeatures()).lines().forEach(this::line);
        line("");
        line("## Limits");
        line("");
        new CardLimits(contents, maxLength).lines().forEach(limit -> line("- " + limit));
        usage();
        howItWasMade();
        return out.toString();
    }

    /** After https://huggingface.co/docs/hub/model-cards: what is not known is left out, never guessed. */
    private void frontMatter() {
        ObjectNode matter = Json.object();
        if (!provenance.languages().isEmpty()) {
            ArrayNode languages = matter.putArray("language");
            provenance.languages().forEach(languages::add);
        }
        String licence = provenance.baseModel().licence();
        if (licence != null) {
            matter.put("license", licence.toLowerCase(Locale.ROOT));
        }
        if (provenance.baseModel().hubId() != null) {
            matter.put("base_model", provenance.baseModel().hubId());
        }
        matter.put("pipeline_tag", "text-classification");
        if (opensInTransformers()) {
            matter.put("library_name", "transformers");
        }
        matter.putArray("tags").add("parlance").add("onnx");
        matter.putArray("metrics").add("accuracy").add("f1");
        out.append("---\n").append(Json.yaml(matter)).append("---\n\n");
    }

    private void introduction() {
        line("# " + Markdown.escape(name));
        line("");
        String origin = contents.isLinear()
                ? "A linear model over TF-IDF of words and characters, trained"
                : contents.isEnsemble()
                        ? "The average of several models, which are in `members`, trained"
                        : fineTuned();
        line("Gives a text one of " + contents.task().labels().size() + " labels. " + origin + " with Parlance "
                + Markdown.escape(provenance.parlanceVersion()) + " on "
                + provenance.finishedAt().toString().substring(0, 10) + ".");
        line("The data that it learned from may add terms of its own to the licence.");
    }

    private boolean opensInTransformers() {
        return !contents.isLinear() && !contents.isEnsemble();
    }

    private String fineTuned() {
        Provenance.BaseModel base = provenance.baseModel();
        String from = base.hubId() == null ? lastName(base.name()) : base.hubId();
        String licence = base.licence() == null ? "of which the licence is not known" : "licence " + base.licence();
        return "Fine-tuned from " + Markdown.code(from) + " (" + licence + ")";
    }

    private void data() {
        line("");
        line("## Data");
        line("");
        line("| split | file | rows | SHA-256 of the file |");
        line("|---|---|---:|---|");
        for (Provenance.DataFile file : provenance.data()) {
            line("| " + Markdown.escape(file.split()) + " | " + Markdown.code(lastName(file.path())) + " | "
                    + number(file.rows()) + " | " + Markdown.code(file.sha256()) + " |");
        }
        if (provenance.data().stream().map(Provenance.DataFile::path).distinct().count()
                < provenance.data().size()) {
            line("");
            line("Splits that share a file were drawn from it at random, stratified by label, with seed "
                    + contents.run().data().splitSeed() + ".");
        }
    }

    /** Without its directories, which may name people or machines. */
    private static String lastName(String path) {
        return String.valueOf(Path.of(path).getFileName());
    }

    private void scores() {
        line("");
        line("## Scores");
        line("");
        line("On the " + number(report.examples()) + " examples of the " + Markdown.escape(split) + " data:");
        line("");
        line("| metric | value |");
        line("|---|---:|");
        for (Map.Entry<String, Double> metric : report.metrics().entrySet()) {
            line("| " + metric.getKey() + " | " + share(metric.getValue()) + " |");
        }
        line("");
        line("| label | precision | recall | F1 | support |");
        line("|---|---:|---:|---:|---:|");
        for (Report.LabelScore score :
                report.labels().subList(0, Math.min(LABEL_ROWS, report.labels().size()))) {
            line("| " + Markdown.escape(score.label()) + " | " + share(score.precision()) + " | "
                    + share(score.recall()) + " | " + share(score.f1()) + " | " + number(score.support()) + " |");
        }
        if (report.labels().size() > LABEL_ROWS) {
            line("");
            line("The other " + (report.labels().size() - LABEL_ROWS) + " labels are in `report.json`.");
        }
    }

    private void usage() {
        String word = Shell.quote(path);
        line("");
        line("## Use");
        line("");
        line("```sh");
        line("parlance predict " + word + " \"a text\"");
        line("parlance evaluate " + word + " --data test.tsv");
        line("```");
        line("");
        line("```java");
        line("try (Pipeline pipeline = Pipeline.load(Path.of(" + Json.line(path) + "))) {");
        line("    List<Annotation> answers = pipeline.predict(List.of(\"a text\"));");
        line("}");
        line("```");
        line("");
        if (contents.isLinear()) {
            line("It does not open in transformers: `model.onnx` takes the features that `vocabulary.jsonl` names.");
            return;
        }
        if (contents.isEnsemble()) {
            line("It does not open in transformers as a whole; its members that are encoders do, each on its own.");
            return;
        }
        line("```python");
        line("from transformers import pipeline");
        line("pipeline(\"text-classification\", model=" + Json.line(path) + ")(\"a text\", truncation=True)");
        line("```");
    }

    private void howItWasMade() {
        Provenance.Machine machine = provenance.machine();
        line("");
        line("## How it was made");
        line("");
        if (provenance.command().isEmpty()) {
            line(
                    contents.isEnsemble()
                            ? "By a program; `parlance train --config members/<name>/run.yaml` repeats a member."
                            : "By a program, with the settings in `run.yaml`: `parlance train --config run.yaml` repeats"
                                    + " them.");
        } else {
            List<String> words = provenance.command();
            line("```sh");
            line(words.stream().map(Shell::quote).collect(Collectors.joining(" ")));
            line("```");
            line("");
            line(
                    contents.isEnsemble()
                            ? "All settings of each member are in its `run.yaml`."
                            : "All settings are in `run.yaml`.");
        }
        line("It took " + minutes() + " with " + machine.threads() + " threads of " + Markdown.escape(machine.cpu())
                + "; versions, seeds and hashes are in `provenance.json`.");
    }

    private String minutes() {
        double seconds =
                (provenance.finishedAt().toEpochMilli() - provenance.startedAt().toEpochMilli()) / 1000.0;
        return seconds < 120
                ? String.format(Locale.ROOT, "%.0f seconds", seconds)
                : String.format(Locale.ROOT, "%.1f minutes", seconds / 60);
    }

    private static String share(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private void line(String text) {
        out.append(text).append('\n');
    }
}
