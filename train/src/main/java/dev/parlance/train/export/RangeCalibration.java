package dev.parlance.train.export;

import dev.parlance.predict.Model;
import dev.parlance.tokenize.Batch;
import dev.parlance.tokenize.Encoding;
import dev.parlance.train.nn.Linear;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Watches what flows into the projections of a model while it runs on real texts, and says which ranges cover it. */
final class RangeCalibration {
    private static final int BATCH = 16;

    private final ExportSource source;
    private final List<Encoding> texts;
    private final Map<String, Linear> projections = new LinkedHashMap<>();

    private RangeCalibration(ExportSource source, List<Encoding> texts) {
        this.source = source;
        this.texts =
                texts.stream().sorted(Comparator.comparingInt(Encoding::length)).toList();
        source.layers().forEachLayer((path, layer) -> {
            if (layer instanceof Linear linear) {
                projections.put(path + ".weight", linear);
            }
        });
    }

    /** Ranges by the name of the projection's weight. */
    static Map<String, InputRange> of(
            ExportSource source, List<Encoding> texts, QuantizationOptions.Calibration calibration) {
        RangeCalibration run = new RangeCalibration(source, texts);
        Map<String, ValueHistogram> histograms = new LinkedHashMap<>();
        run.projections.keySet().forEach(name -> histograms.put(name, new ValueHistogram()));
        run.watch(name -> histograms.get(name)::widen);
        if (calibration != QuantizationOptions.Calibration.MIN_MAX) {
            run.watch(name -> histograms.get(name)::count);
        }
        Map<String, InputRange> ranges = new LinkedHashMap<>();
        histograms.forEach((name, histogram) -> ranges.put(name, histogram.range(calibration)));
        return ranges;
    }

    private interface Watchers {
        Consumer<float[]> of(String name);
    }

    /** Runs all texts and shows each projection's inputs to its watcher. */
    private void watch(Watchers watchers) {
        projections.forEach((name, linear) -> {
            Consumer<float[]> watcher = watchers.of(name);
            linear.adapt((x, y) -> {
                watcher.accept(x.toFloats());
                return y;
            });
        });
        try (Model model = source.model()) {
            for (int start = 0; start < texts.size(); start += BATCH) {
                List<Encoding> batch = texts.subList(start, Math.min(start + BATCH, texts.size()));
                model.forward(Batch.of(batch, source.tokenizer().padTokenId()));
            }
        } finally {
            projections.values().forEach(linear -> linear.adapt(null));
        }
    }
}
