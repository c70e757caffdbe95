package dev.parlance.cli;

import dev.parlance.config.Json;
import dev.parlance.config.UserError;
import dev.parlance.data.Annotation;
import dev.parlance.data.Dataset;
import dev.parlance.data.Example;
import dev.parlance.metric.Report;
import dev.parlance.predict.OnnxOptions;
import dev.parlance.predict.Pipeline;
import dev.parlance.predict.Prediction;
import dev.parlance.task.LabelTask;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures a model on labelled texts. Must not touch training, as {@link PredictCommand}. */
@CommandLine.Command(
        name = "evaluate",
        description = "Measure a trained model on labelled texts: accuracy, F1, scores of each label, confusions.",
        footer = {
            "  parlance evaluate models/sst2 --data test.tsv",
            "  parlance evaluate models/sst2 --data test.tsv --json | jq .metrics.macro_f1",
            "  parlance evaluate models/sst2 --data test.tsv --html report.html"
        })
final class EvaluateCommand implements Command {
    @Parameters(index = "0", paramLabel = "MODEL", description = "Directory of a trained model.")
    private Path model = Path.of("");

    @Option(
            names = "--data",
            required = true,
            paramLabel = "<file>",
            description = "Labelled texts: .csv, .tsv or .jsonl, also .gz.")
    private Path data = Path.of("");

    @Option(names = "--json", description = "Print the report as JSON instead of a table.")
    private boolean json;

    @Option(names = "--html", paramLabel = "<file>", description = "Also write the report as a page of HTML.")
    private @Nullable Path html;

    @Option(
            names = "--threads",
            paramLabel = "<n>",
            defaultValue = "0",
            description = "Threads that work on a batch; 0 takes one per core. Default: ${DEFAULT-VALUE}.")
    private int threads;

    private final Console console;
    private final RunOptions reading = RunOptions.ofReading();

    EvaluateCommand(Console console) {
        this.console = console;
    }

    @Override
    public void configure(CommandSpec spec) {
        reading.addTo(spec);
    }

    @Override
    public Integer call() {
        try (Pipeline pipeline = Pipeline.load(model, new OnnxOptions(threads, true))) {
            if (!(pipeline.task() instanceof LabelTask task)) {
                throw new UserError(
                        model + " gives a text no label but an embedding, expected a classifier; train one from it with"
                                + " parlance train --model " + model);
            }
            Dataset dataset = Dataset.read(reading.data(), data);
            dataset.columns().how().forEach(line -> console.err().println(line));
            RunOptions.warn(console, dataset.findings());
            Report report = measure(pipeline, task, dataset.examples());
            if (html != null) {
                AtomicFile.write(html, report.toHtml());
                console.err().println("report written to " + html);
            }
            console.out().print(json ? Json.pretty(report.toJson()) : report.toTable(Math.max(80, console.width())));
        }
        return OK;
    }

    private Report measure(Pipeline pipeline, LabelTask task, List<Example> examples) {
        examples.forEach(task::target); // an unknown label fails before the work, not after it
        ProgressLine progress = new ProgressLine(console);
        long start = System.nanoTime();
        List<Annotation> gold = new ArrayList<>(examples.size());
        List<Annotation> predicted = new ArrayList<>(examples.size());
        try (Stream<Prediction> predictions = pipeline.predictAll(examples.stream())) {
            for (Iterator<Prediction> i = predictions.iterator(); i.hasNext(); ) {
                Prediction prediction = i.next();
                gold.add(Objects.requireNonNull(prediction.example().gold()));
                predicted.add(prediction.annotation());
                progress.update(
                        (double) gold.size() / examples.size(),
                        String.format(Locale.ROOT, "%,d of %,d", gold.size(), examples.size()));
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        progress.line(String.format(
                Locale.ROOT, "%,d examples in %.1f s (%,.0f/s)", gold.size(), seconds, gold.size() / seconds));
        return task.evaluate(gold, predicted);
    }
}
