package dev.parlance.train.export;

import dev.parlance.bundle.ModelBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Changes the model card of a directory that has a graph but no weights, and adds what 8 bits cost and bring. */
final class ExportedCard {
    private static final String PYTHON = "(?s)```python\\nfrom transformers import pipeline\\n.*?```\\n";

    private ExportedCard() {}

    /** Rewrites the card if there is one; makes one if there is a receipt to show. */
    static void update(Path directory, String name, @Nullable QuantizationReceipt receipt) throws IOException {
        Path file = directory.resolve(ModelBundle.CARD);
        boolean there = Files.isRegularFile(file);
        if (!there && receipt == null) {
            return;
        }
        String card = there ? Files.readString(file) : "# " + name + "\n";
        card = card.replaceAll(
                        PYTHON, "This directory has no weights, so transformers opens the one it was exported from.\n")
                .replaceAll("(?m)^library_name: \"?transformers\"?\\n", "");
        Files.writeString(file, receipt == null ? card : card + "\n" + section(receipt));
    }

    private static String section(QuantizationReceipt receipt) {
        QuantizationReceipt.Side before = receipt.before();
        QuantizationReceipt.Side after = receipt.after();
        StringBuilder out = new StringBuilder("## 8 bits\n\n");
        long kept = receipt.layers().stream()
                .filter(layers -> layers.precision().equals("fp32"))
                .count();
        out.append("`model.onnx` multiplies in 8 bits (")
                .append(receipt.method())
                .append(" ranges)")
                .append(
                        kept == 0
                                ? ""
                                : "; " + kept + " of " + receipt.layers().size() + " groups of layers are in fp32")
                .append(". Measured on ")
                .append(receipt.data().rows())
                .append(" texts of the ")
                .append(receipt.data().from().replaceFirst("^the ", ""))
                .append(" with ")
                .append(receipt.machine().threads())
                .append(" threads of ")
                .append(receipt.machine().cpu().replace("|", " "))
                .append(":\n\n| | fp32 | int8 |\n|---|---:|---:|\n");
        row(out, "size, MB", before.bytes() / 1e6, after.bytes() / 1e6, "%.1f");
        for (Map.Entry<String, Double> score : before.scores().entrySet()) {
            row(out, score.getKey(), score.getValue(), value(after.scores(), score.getKey()), "%.4f");
        }
        for (Map.Entry<String, Double> time : before.latencyMillis().entrySet()) {
            row(
                    out,
                    time.getKey() + " tokens, ms",
                    time.getValue(),
                    value(after.latencyMillis(), time.getKey()),
                    "%.2f");
        }
        row(out, "texts of 64 tokens a second", before.textsPerSecond(), after.textsPerSecond(), "%.0f");
        String fp32 = receipt.layers().stream()
                .filter(layers -> layers.precision().equals("fp32"))
                .map(layers -> "`" + layers.name() + "`")
                .collect(Collectors.joining(", "));
        out.append(fp32.isEmpty() ? "" : "\nIn fp32: " + fp32 + ".\n");
        return out.append("\nAll of it, layer by layer, is in `quantization.json`.\n")
                .toString();
    }

    private static double value(Map<String, Double> values, String key) {
        return Objects.requireNonNull(values.get(key));
    }

    private static void row(StringBuilder out, String name, double before, double after, String format) {
        out.append("| ")
                .append(name)
                .append(" | ")
                .append(String.format(Locale.ROOT, format, before))
                .append(" | ")
                .append(String.format(Locale.ROOT, format, after))
                .append(" |\n");
    }
}
