package dev.parlance.train.export;

import dev.parlance.bundle.ModelBundle;
import dev.parlance.bundle.Provenance;
import dev.parlance.config.Json;
import dev.parlance.config.UserError;
import dev.parlance.data.Example;
import dev.parlance.predict.OnnxModel;
import dev.parlance.task.LabelTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Puts a graph in 8 bits into the place of one in 32, measures both and writes the receipt; or refuses, if it loses too much. */
final class Quantization {
    private static final String BASELINE = "model-fp32.onnx";
    /** Of a signed byte: one bit is left out, so that sums in 16 bits do not overflow on processors without VNNI. */
    private static final int LARGEST_WEIGHT = 63;

    private final ExportSource source;
    private final ExportTexts texts;
    private final GraphForm form;
    private final QuantizationOptions options;
    private final Consumer<String> progress;
    private final OutputQuality measured;
    private final OutputQuality calibration;

    Quantization(
            ExportSource source,
            ExportTexts texts,
            Opset opset,
            QuantizationOptions options,
            Consumer<String> progress) {
        ModelBundle bundle = source.bundle();
        if (bundle.task() instanceof LabelTask && !texts.hasLabels()) {
            throw new UserError("there are no labelled texts to measure on, since the files that " + bundle.directory()
                    + " was trained on are not there; name some with --data FILE");
        }
        this.source = source;
        this.texts = texts;
        this.form = GraphForm.of(opset, true);
        this.options = options;
        this.progress = progress;
        measured = new OutputQuality(bundle, source.tokenizer(), sample(texts.measured(), options.measuredRows()));
        calibration =
                new OutputQuality(bundle, source.tokenizer(), sample(texts.calibration(), options.calibrationRows()));
    }

    private List<Example> sample(List<Example> examples, int most) {
        List<Example> shuffled = new ArrayList<>(examples);
        Collections.shuffle(shuffled, new Random(options.seed()));
        return shuffled.subList(0, Math.min(most, shuffled.size()));
    }

    /**
     * Replaces {@code model.onnx}, and adds {@code quantization.json}.
     *
     * @throws UserError if the score drops by more than is allowed
     */
    QuantizationReceipt run(Path directory) throws IOException {
        Path graph = directory.resolve(ModelBundle.ONNX);
        Path baseline = Files.move(graph, directory.resolve(BASELINE));
        progress.accept("measuring fp32 on " + measured.size() + " texts: " + texts.origin());
        float[][] expected = measured.outputs(baseline);
        Map<String, Double> before = measured.scores(expected, expected);
        double score = before.values().iterator().next();
        List<LayerGroup> groups = LayerGroup.of(source.layers());
        GraphTrial trial = new GraphTrial(graph, baseline, ranges(), expected);
        MixedPrecision.Choice choice = new MixedPrecision(groups, trial, progress)
                .search(score - options.maxScoreDrop(), options.maxEvaluations());
        refuseLoss(before, choice);
        trial.write(chosen(groups, choice));
        progress.accept("measuring latency and throughput");
        List<Map<String, Double>> times = GraphSpeed.measure(
                List.of(baseline, graph),
                measured.encodings(),
                source.tokenizer().maxLength());
        QuantizationReceipt receipt = receipt(
                groups, choice, side(baseline, before, times.get(0)), side(graph, choice.scores(), times.get(1)));
        Files.delete(baseline);
        Files.writeString(directory.resolve(ModelBundle.QUANTIZATION), Json.pretty(receipt.toJson()));
        return receipt;
    }

    private Map<String, InputRange> ranges() {
        if (options.method() == QuantizationOptions.Method.DYNAMIC) {
            return Map.of();
        }
        progress.accept("taking ranges from " + calibration.size() + " texts: " + texts.calibrationOrigin());
        return RangeCalibration.of(source, calibration.encodings(), options.calibration());
    }

    private static Set<String> chosen(List<LayerGroup> groups, MixedPrecision.Choice choice) {
        Set<String> weights = new HashSet<>();
        groups.stream()
                .filter(group -> !choice.kept().contains(group.name()))
                .forEach(group -> weights.addAll(group.weights()));
        return weights;
    }

    private void refuseLoss(Map<String, Double> before, MixedPrecision.Choice choice) {
        Map.Entry<String, Double> first = before.entrySet().iterator().next();
        double drop = first.getValue() - choice.score();
        if (drop > options.maxScoreDrop()) {
            throw new UserError(String.format(
                    Locale.ROOT,
                    "8 bits lower the %s on %s from %.4f to %.4f, by more than --max-score-drop %s; nothing is written."
                            + " Try --int8-method %s, more --max-evaluations, or a higher limit (1 takes any)",
                    first.getKey(),
                    texts.origin(),
                    first.getValue(),
                    choice.score(),
                    options.maxScoreDrop(),
                    options.method() == QuantizationOptions.Method.DYNAMIC ? "static" : "dynamic"));
        }
    }

    private static QuantizationReceipt.Side side(Path graph, Map<String, Double> scores, Map<String, Double> times)
            throws IOException {
        return new QuantizationReceipt.Side(Files.size(graph), scores, times, GraphSpeed.textsPerSecond(times));
    }

    private QuantizationReceipt receipt(
            List<LayerGroup> groups,
            MixedPrecision.Choice choice,
            QuantizationReceipt.Side before,
            QuantizationReceipt.Side after) {
        boolean dynamic = options.method() == QuantizationOptions.Method.DYNAMIC;
        List<QuantizationReceipt.Layers> layers = groups.stream()
                .map(group -> new QuantizationReceipt.Layers(
                        group.name(),
                        choice.kept().contains(group.name()) ? "fp32" : "int8",
                        choice.errors().get(group.name())))
                .toList();
        String version = source.bundle().getClass().getPackage().getImplementationVersion();
        return new QuantizationReceipt(
                dynamic ? "dynamic" : "static",
                "signed, symmetric: 7 bits and a scale for each output of a projection, 8 bits and a scale for each row"
                        + " of a table",
                layers,
                new QuantizationReceipt.Rows(
                        texts.calibrationOrigin(),
                        calibration.size(),
                        dynamic ? null : options.calibration().name().toLowerCase(Locale.ROOT)),
                new QuantizationReceipt.Rows(texts.origin(), measured.size(), null),
                before,
                after,
                before.score() - after.score(),
                options.maxScoreDrop(),
                (double) before.bytes() / after.bytes(),
                after.textsPerSecond() / before.textsPerSecond(),
                Provenance.Machine.detect(Runtime.getRuntime().availableProcessors()),
                OnnxModel.runtimeVersion(),
                version == null ? "unknown" : version);
    }

    /** Writes a mixture to the graph's file and runs it. */
    private final class GraphTrial implements MixedPrecision.Trial {
        private final Path graph;
        private final Map<String, InputRange> ranges;
        private final float[][] expected;
        private final Path baseline;
        private float @Nullable [][] few;

        GraphTrial(Path graph, Path baseline, Map<String, InputRange> ranges, float[][] expected) {
            this.graph = graph;
            this.baseline = baseline;
            this.ranges = ranges;
            this.expected = expected;
        }

        @Override
        public Map<String, Double> scores(Set<String> weights) throws IOException {
            write(weights);
            return measured.scores(measured.outputs(graph), expected);
        }

        @Override
        public double error(Set<String> weights) throws IOException {
            write(weights);
            if (few == null) {
                few = calibration.outputs(baseline);
            }
            return OutputQuality.error(calibration.outputs(graph), few);
        }

        void write(Set<String> weights) throws IOException {
            GraphForm mixed = form.after(editor -> {
                ProjectionQuantization.apply(editor, weights::contains, ranges, LARGEST_WEIGHT);
                TableQuantization.apply(editor, weights::contains);
            });
            source.write(mixed, graph);
        }
    }
}
