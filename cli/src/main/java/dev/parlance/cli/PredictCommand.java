package dev.parlance.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.DataConfig;
import dev.parlance.config.Json;
import dev.parlance.config.UserError;
import dev.parlance.data.Embedding;
import dev.parlance.data.Example;
import dev.parlance.data.ExampleReader;
import dev.parlance.data.Labels;
import dev.parlance.data.Labels.ScoredLabel;
import dev.parlance.data.Row;
import dev.parlance.predict.OnnxOptions;
import dev.parlance.predict.Pipeline;
import dev.parlance.predict.Prediction;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Labels texts. Must not touch training: a test sees that no class of libtorch is loaded. */
@CommandLine.Command(
        name = "predict",
        description = {
            "Label texts with a trained model, or turn them into vectors with a sentence encoder.",
            "Writes a JSON object a line, in the order of the texts; any number of rows streams through."
        },
        footer = {
            "  parlance predict models/sst2 \"a gorgeous, witty film\"",
            "  parlance predict models/sst2 --input reviews.csv --output labels.jsonl --top-k 3",
            "  cat reviews.jsonl | parlance predict models/sst2 --input - --format jsonl | head"
        })
final class PredictCommand implements Command {
    private static final int LINES_BETWEEN_CHECKS = 64;

    @Parameters(index = "0", paramLabel = "MODEL", description = "Directory of a trained model.")
    private Path model = Path.of("");

    @Parameters(index = "1..*", paramLabel = "TEXT", description = "Texts to label.")
    private List<String> texts = List.of();

    @Option(
            names = {"-i", "--input"},
            paramLabel = "<file>",
            description = "Texts to label instead: .csv, .tsv or .jsonl, also .gz; - is standard input.")
    private @Nullable String input;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "<file>",
            description = "Where to write; the file appears when it is complete. Default: standard output.")
    private @Nullable Path output;

    @Option(
            names = {"-k", "--top-k"},
            paramLabel = "<n>",
            defaultValue = "1",
            description = "Also list the n most probable labels. Default: ${DEFAULT-VALUE}.")
    private int topK = 1;

    @Option(
            names = "--threads",
            paramLabel = "<n>",
            defaultValue = "0",
            description = "Threads that work on a batch; 0 takes one per core. Default: ${DEFAULT-VALUE}.")
    private int threads;

    private final Console console;
    private final RunOptions reading = RunOptions.ofReading();

    PredictCommand(Console console) {
        this.console = console;
    }

    @Override
    public void configure(CommandSpec spec) {
        reading.addTo(spec);
    }

    @Override
    public Integer call() {
        if (topK < 1) {
            throw new UserError("--top-k is " + topK + ", expected at least 1");
        }
        if (texts.isEmpty() == (input == null)) {
            throw new UserError(
                    input == null
                            ? "there is nothing to label, expected texts after the model, or --input FILE"
                            : "there are both texts and --input, expected one of them");
        }
        DataConfig config = reading.data();
        try (Pipeline pipeline = Pipeline.load(model, new OnnxOptions(threads, input != null))) {
            if (input == null) {
                write(pipeline.predictExamples(texts.stream().map(Example::of).toList()).stream(), false);
            } else {
                stream(pipeline, config, input);
            }
        }
        return OK;
    }

    private void stream(Pipeline pipeline, DataConfig config, String file) {
        boolean live = file.equals("-");
        try (ExampleReader reader = live
                ? ExampleReader.open(config, console.in(), "standard input")
                : ExampleReader.open(config, Path.of(file))) {
            reader.columns().how().forEach(line -> console.err().println(line));
            Stream<Example> examples =
                    StreamSupport.stream(reader.spliterator(), false).map(Row::example);
            write(pipeline.predictAll(examples), live);
            RunOptions.warn(console, reader.findings());
        }
    }

    private void write(Stream<Prediction> predictions, boolean live) {
        try (predictions) {
            if (output == null) {
                print(predictions.iterator(), live);
            } else {
                save(predictions.iterator(), output);
            }
        }
    }

    private void print(Iterator<Prediction> predictions, boolean live) {
        for (long count = 1; predictions.hasNext(); count++) {
            console.out().println(line(predictions.next()));
            // Who reads a pipe may leave; that is seen only by writing.
            if ((live || count % LINES_BETWEEN_CHECKS == 0) && console.out().checkError()) {
                return;
            }
        }
    }

    private void save(Iterator<Prediction> predictions, Path file) {
        ProgressLine progress = new ProgressLine(console);
        long start = System.nanoTime();
        long count = 0;
        long truncated = 0;
        try (AtomicFile lines = AtomicFile.create(file)) {
            while (predictions.hasNext()) {
                Prediction prediction = predictions.next();
                lines.append(line(prediction) + "\n");
                truncated += prediction.truncatedTokens() > 0 ? 1 : 0;
                progress.update(-1, rate(++count, start));
            }
            lines.commit();
        }
        progress.line(rate(count, start) + " -> " + file
                + (truncated == 0 ? "" : String.format(Locale.ROOT, "; %,d were too long and cut", truncated)));
    }

    private static String rate(long count, long start) {
        double seconds = Math.max(1e-3, (System.nanoTime() - start) / 1e9);
        return String.format(Locale.ROOT, "%,d texts, %,.0f/s", count, count / seconds);
    }

    private String line(Prediction prediction) {
        ObjectNode json = Json.object();
        if (prediction.annotation() instanceof Labels labels) {
            put(json, labels);
        } else if (prediction.annotation() instanceof Embedding embedding) {
            ArrayNode numbers = json.putArray("embedding");
            for (float value : embedding.values()) {
                numbers.add(value);
            }
        }
        if (prediction.example().gold() != null) {
            json.put("gold", prediction.example().goldLabel());
        }
        if (prediction.truncatedTokens() > 0) {
            json.put("truncated_tokens", prediction.truncatedTokens());
        }
        json.put("text", prediction.example().text());
        if (prediction.example().textPair() != null) {
            json.put("text_pair", prediction.example().textPair());
        }
        return Json.line(json);
    }

    private void put(ObjectNode json, Labels labels) {
        put(json, labels.best());
        if (topK > 1) {
            ArrayNode top = json.putArray("labels");
            labels.top(topK).all().forEach(label -> put(top.addObject(), label));
        }
    }

    private static void put(ObjectNode json, ScoredLabel label) {
        json.put("label", label.label());
        json.put("score", Math.round(label.score() * 1e6) / 1e6);
    }
}
