package dev.parlance.predict;

import dev.parlance.task.TextClassification;
import dev.parlance.tokenize.Batch;
import dev.parlance.tokenize.Tokenizer;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** A tiny model whose logits can be computed by hand (runs/reference/tiny_onnx.py), and a small tokenizer. */
final class Fixtures {
    private Fixtures() {}

    static Path file(String resource) {
        URL url = Objects.requireNonNull(Fixtures.class.getResource(resource), resource);
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static Path tokenizerDirectory() {
        return Objects.requireNonNull(
                file("/dev/parlance/tokenize/wordpiece/tokenizer.json").getParent());
    }

    static Tokenizer tokenizer() {
        return Tokenizer.load(tokenizerDirectory(), 64);
    }

    static TextClassification task() {
        return new TextClassification(List.of("first", "second", "third"));
    }

    static Pipeline pipeline() {
        return new Pipeline(tokenizer(), task(), OnnxModel.load(file("tiny.onnx")));
    }

    /** What tiny.onnx puts out for a row and a label. */
    static double logit(Batch batch, int row, int label) {
        double sum = 0;
        double count = 0;
        for (int i = 0; i < batch.sequenceLength(); i++) {
            double score = Math.sin(3 * ((int) batch.inputIds()[row][i] % 16) + label)
                    + 0.5 * (int) batch.tokenTypeIds()[row][i];
            sum += score * (int) batch.attentionMask()[row][i];
            count += (int) batch.attentionMask()[row][i];
        }
        return sum / count;
    }
}
