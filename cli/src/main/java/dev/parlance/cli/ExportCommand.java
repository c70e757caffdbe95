package dev.parlance.cli;

import dev.parlance.bundle.ModelBundle;
import dev.parlance.config.DataConfig;
import dev.parlance.config.RunConfig;
import dev.parlance.config.UserError;
import dev.parlance.train.export.ExportRequest;
import dev.parlance.train.export.ExportResult;
import dev.parlance.train.export.ModelExport;
import dev.parlance.train.export.Opset;
import dev.parlance.train.export.QuantizationOptions;
import dev.parlance.train.export.QuantizationReceipt;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A model in another form: a graph in 32 or 8 bits, or a plain Hugging Face directory. */
@CommandLine.Command(
        name = "export",
        description = {
            "Write a model once more, as a graph for ONNX Runtime (in 32 or 8 bits) or as a plain Hugging Face directory.",
            "The graph is compared with the layers on real texts before it is kept. 8 bits are measured, too: size, latency,"
                    + " throughput and the score; what loses more than --max-score-drop is refused. What is refused leaves"
                    + " nothing behind."
        },
        footer = {
            "  parlance export models/sst2 --int8                      # models/sst2-int8",
            "  parlance export models/sst2 --int8 --data test.tsv --max-score-drop 0.01 --output models/small",
            "  parlance export minilm --opset 20 --output minilm-onnx  # a sentence encoder that can be served",
            "  parlance export models/sst2 --no-optimize               # standard operators alone",
            "  parlance export models/sst2 --format huggingface --output sst2-hf"
        })
final class ExportCommand implements Command {
    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = "Directory of a trained model or of an encoder, a built-in name or hf:owner/name.")
    private String model = "";

    @Option(
            names = "--format",
            paramLabel = "<format>",
            defaultValue = "onnx",
            description = "onnx or huggingface. Default: ${DEFAULT-VALUE}.")
    private String format = "onnx";

    @Option(names = "--int8", description = "Multiply in 8 bits: a quarter of the size, and faster.")
    private boolean int8;

    @Option(
            names = "--optimize",
            description = "Use operators that only ONNX Runtime has, which are faster. This is the default.")
    private boolean fused;

    @Option(names = "--no-optimize", description = "Use standard operators alone, for other runtimes.")
    private boolean standard;

    @Option(
            names = "--opset",
            paramLabel = "<n>",
            defaultValue = "17",
            description = "Version of ONNX's operators, 14 to 21. Default: ${DEFAULT-VALUE}.")
    private int opset = Opset.DEFAULT.version();

    @Option(
            names = "--output",
            paramLabel = "<dir>",
            description = "The new directory. Default: that of the model with -onnx, -int8 or -hf at its end.")
    private @Nullable Path output;

    @Option(names = "--overwrite", description = "Replace a model that is there.")
    private boolean overwrite;

    @Option(
            names = "--data",
            paramLabel = "<file>",
            description =
                    "Labelled texts to check and measure on. Default: those that the model was tested on, if still there.")
    private @Nullable Path data;

    @Option(
            names = "--max-score-drop",
            paramLabel = "<share>",
            description = "With --int8: loss of accuracy over which nothing is written; 1 takes any. Default: 0.005.")
    private @Nullable Double maxScoreDrop;

    @Option(
            names = "--int8-method",
            paramLabel = "<method>",
            description =
                    "With --int8: where ranges of values come from, each batch (dynamic) or texts seen before (static)."
                            + " Default: dynamic.")
    private @Nullable String method;

    @Option(
            names = "--calibration",
            paramLabel = "<how>",
            description = "With --int8-method static: min_max, percentile or entropy. Default: percentile.")
    private @Nullable String calibration;

    @Option(
            names = "--calibration-rows",
            paramLabel = "<n>",
            description = "With --int8: training texts that ranges and sensitivities are taken from. Default: 128.")
    private @Nullable Integer calibrationRows;

    @Option(
            names = "--measured-rows",
            paramLabel = "<n>",
            description = "With --int8: texts that the score is measured on, at most. Default: 5000.")
    private @Nullable Integer measuredRows;

    @Option(
            names = "--max-evaluations",
            paramLabel = "<n>",
            description = "With --int8: mixtures of 8 and 32 bits to try if all in 8 bits loses too much. Default: 8.")
    private @Nullable Integer maxEvaluations;

    private final Console console;
    private final RunOptions reading = RunOptions.ofReadingAnyFormat();

    ExportCommand(Console console) {
        this.console = console;
    }

    @Override
    public void configure(CommandSpec spec) {
        reading.addTo(spec);
    }

    @Override
    public Integer call() {
        if (fused && standard) {
            throw new UserError("--optimize and --no-optimize are both given, expected one of them");
        }
        ExportRequest request = new ExportRequest(
                model,
                ExportRequest.Format.ofName(format),
                output,
                overwrite,
                new Opset(opset),
                !standard,
                quantization(),
                data,
                readingOf(model));
        ExportResult result = ModelExport.run(
                request, ModelsCommand.store(console), line -> console.err().println(line));
        tell(result);
        console.out().println(result.directory());
        return OK;
    }

    private @Nullable QuantizationOptions quantization() {
        QuantizationOptions defaults = QuantizationOptions.defaults();
        if (!int8) {
            refuseWithoutInt8();
            return null;
        }
        return new QuantizationOptions(
                method == null
                        ? defaults.method()
                        : named("--int8-method", method, QuantizationOptions.Method.values()),
                calibration == null
                        ? defaults.calibration()
                        : named("--calibration", calibration, QuantizationOptions.Calibration.values()),
                Objects.requireNonNullElse(calibrationRows, defaults.calibrationRows()),
                Objects.requireNonNullElse(maxScoreDrop, defaults.maxScoreDrop()),
                Objects.requireNonNullElse(measuredRows, defaults.measuredRows()),
                Objects.requireNonNullElse(maxEvaluations, defaults.maxEvaluations()),
                defaults.seed());
    }

    private void refuseWithoutInt8() {
        List<String> given = new ArrayList<>();
        note(given, "--max-score-drop", maxScoreDrop);
        note(given, "--int8-method", method);
        note(given, "--calibration", calibration);
        note(given, "--calibration-rows", calibrationRows);
        note(given, "--measured-rows", measuredRows);
        note(given, "--max-evaluations", maxEvaluations);
        if (!given.isEmpty()) {
            throw new UserError(String.join(", ", given) + " without --int8, expected both or neither");
        }
    }

    private static void note(List<String> given, String name, @Nullable Object value) {
        if (value != null) {
            given.add(name);
        }
    }

    private static <E extends Enum<E>> E named(String option, String name, E[] values) {
        for (E value : values) {
            if (value.name().equalsIgnoreCase(name.replace('-', '_'))) {
                return value;
            }
        }
        String known = Arrays.stream(values)
                .map(value -> value.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(" or "));
        throw new UserError(option + " is '" + name + "', expected " + known);
    }

    /** Files are read as the run of the model read its own, unless options say otherwise. */
    private DataConfig readingOf(String name) {
        boolean isRun = ExportRequest.mayBeDirectory(name)
                && Files.isRegularFile(Path.of(name).resolve(ModelBundle.CONFIG));
        RunConfig base =
                isRun ? ModelBundle.open(Path.of(name)).run().orElseGet(RunConfig::defaults) : RunConfig.defaults();
        return reading.run(base).data();
    }

    private void tell(ExportResult result) {
        QuantizationReceipt receipt = result.receipt();
        if (result.graphBytes() > 0) {
            console.err()
                    .println(String.format(
                            Locale.ROOT,
                            "model.onnx: %.1f MB; in fp32 it differs from the layers by %.1e at most",
                            result.graphBytes() / 1e6,
                            result.difference()));
        }
        if (receipt == null) {
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("", "FP32", "INT8"));
        QuantizationReceipt.Side before = receipt.before();
        QuantizationReceipt.Side after = receipt.after();
        rows.add(row("size, MB", "%.1f", before.bytes() / 1e6, after.bytes() / 1e6));
        before.scores()
                .forEach((name, score) -> rows.add(row(
                        name,
                        "%.4f",
                        score,
                        Objects.requireNonNull(after.scores().get(name)))));
        before.latencyMillis()
                .forEach((shape, millis) -> rows.add(row(
                        shape + ", ms",
                        "%.2f",
                        millis,
                        Objects.requireNonNull(after.latencyMillis().get(shape)))));
        rows.add(row("texts/s", "%.0f", before.textsPerSecond(), after.textsPerSecond()));
        Table.print(console.err(), rows);
    }

    private static List<String> row(String name, String format, double before, double after) {
        return List.of(name, String.format(Locale.ROOT, format, before), String.format(Locale.ROOT, format, after));
    }
}
