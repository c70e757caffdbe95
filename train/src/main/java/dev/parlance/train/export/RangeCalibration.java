package dev.parlance.train.export;

import dev.parlance.predict.Model;
import dev.parlance.tokenize.Batch;
import dev.parlance.tokenize.Encoding;
import dev.parlance.train.nn.Linear;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** Watches what flows into the projections of a model while it runs on real texts, and says which ranges cover it. */
final class RangeCalibration {
    private static final int BATCH = 16;

    private final ExportSource source;
    private final List<Encoding> texts;
    private final Map<String, Input> inputs = new LinkedHashMap<>();

    /** What flows into a projection. */
    private record Input(Linear projection, ValueHistogram values) {}

    private RangeCalibration(ExportSource source, List<Encoding> texts) {
        this.source = source;
        this.texts =
                texts.stream().sorted(Comparator.comparingInt(Encoding::length)).toList();
        source.layers().forEachLayer((path, layer) -> {
            if (layer instanceof Linear linear) {
                inputs.put(path + ".weight", new Input(linear, new ValueHistogram()));
            }
        });
    }

    /** Ranges by the name of the projection's weight. */
    static Map<String, InputRange> of(
            ExportSource source, List<Encoding> texts, QuantizationOptions.Calibration calibration) {
        RangeCalibration run = new RangeCalibration(source, texts);
        run.watch(ValueHistogram::widen);
        if (calibration != QuantizationOptions.Calibration.MIN_MAX) {
            run.watch(ValueHistogram::count);
        }
        Map<String, InputRange> ranges = new LinkedHashMap<>();
        run.inputs.forEach((name, input) -> ranges.put(name, input.values().range(calibration)));
        return ranges;
    }

    /** Runs all texts and shows each projection's inputs to its histogram. */
    private void watch(BiConsumer<ValueHistogram, float[]> watcher) {
        for (Input input : inputs.values()) {
            input.projection().adapt((x, y) -> {
                watcher.accept(input.values(), x.toFloats());
                return y;
            });
        }
        try (Model model = source.model()) {
            for (int start = 0; start < texts.size(); start += BATCH) {
                List<Encoding> batch = texts.subList(start, Math.min(start + BATCH, texts.size()));
                model.forward(Batch.of(batch, source.tokenizer().padTokenId()));
            }
        } finally {
            inputs.values().forEach(input -> input.projection().adapt(null));
        }
    }
}
