package dev.parlance.train.export;

import dev.parlance.bundle.ModelBundle;
import dev.parlance.data.Annotation;
import dev.parlance.data.Embedding;
import dev.parlance.data.Example;
import dev.parlance.metric.Report;
import dev.parlance.predict.OnnxModel;
import dev.parlance.predict.OnnxOptions;
import dev.parlance.task.LabelTask;
import dev.parlance.task.Logits;
import dev.parlance.task.Task;
import dev.parlance.tokenize.Batch;
import dev.parlance.tokenize.Encoding;
import dev.parlance.tokenize.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/** What a graph makes of a fixed set of texts, and how good that is. */
final class OutputQuality {
    private static final int BATCH = 32;

    private final Task task;
    private final List<Example> examples;
    private final List<Encoding> encodings;
    private final int padTokenId;

    OutputQuality(ModelBundle bundle, Tokenizer tokenizer, List<Example> examples) {
        this.task = bundle.task();
        this.examples = List.copyOf(examples);
        this.encodings = tokenizer.encodeAll(this.examples);
        this.padTokenId = tokenizer.padTokenId();
        if (task instanceof LabelTask labelled) {
            this.examples.stream().filter(example -> example.gold() != null).forEach(labelled::target);
        }
    }

    int size() {
        return examples.size();
    }

    List<Encoding> encodings() {
        return encodings;
    }

    /** Logits or embeddings of all texts, in their order; texts of like length share a batch. */
    float[][] outputs(Path onnx) {
        int[] byLength = IntStream.range(0, encodings.size())
                .boxed()
                .sorted(Comparator.comparingInt(i -> encodings.get(i).length()))
                .mapToInt(Integer::intValue)
                .toArray();
        float[][] outputs = new float[encodings.size()][];
        try (OnnxModel model = OnnxModel.load(onnx, new OnnxOptions(0, true))) {
            for (int start = 0; start < byLength.length; start += BATCH) {
                int end = Math.min(start + BATCH, byLength.length);
                List<Encoding> batch = IntStream.range(start, end)
                        .mapToObj(i -> encodings.get(byLength[i]))
                        .toList();
                Logits logits = model.forward(Batch.of(batch, padTokenId));
                for (int i = start; i < end; i++) {
                    outputs[byLength[i]] = output(logits.row(i - start), encodings.get(byLength[i]));
                }
            }
        }
        return outputs;
    }

    private float[] output(float[] row, Encoding encoding) {
        return task.decode(row, encoding) instanceof Embedding embedding ? embedding.values() : row;
    }

    /** Scores by name, of which the first decides: of a classifier against the labels, of an encoder against the baseline. */
    Map<String, Double> scores(float[][] outputs, float[][] baseline) {
        Map<String, Double> scores = new LinkedHashMap<>();
        if (!(task instanceof LabelTask labelled)) {
            scores.put("cosine", meanCosine(outputs, baseline));
            return scores;
        }
        List<Annotation> gold = new ArrayList<>();
        List<Annotation> predicted = new ArrayList<>();
        for (int i = 0; i < outputs.length; i++) {
            gold.add(Objects.requireNonNull(examples.get(i).gold()));
            predicted.add(task.decode(outputs[i], encodings.get(i)));
        }
        Report report = labelled.evaluate(gold, predicted);
        for (String name : List.of("accuracy", "macro_f1")) {
            scores.put(name, Objects.requireNonNull(report.metrics().get(name)));
        }
        return scores;
    }

    /** Root mean square of the difference, relative to that of the baseline. */
    static double error(float[][] outputs, float[][] baseline) {
        double difference = 0;
        double size = 0;
        for (int i = 0; i < outputs.length; i++) {
            for (int j = 0; j < outputs[i].length; j++) {
                double one = outputs[i][j] - (double) baseline[i][j];
                difference += one * one;
                size += (double) baseline[i][j] * baseline[i][j];
            }
        }
        return Math.sqrt(difference / Math.max(size, Double.MIN_NORMAL));
    }

    private static double meanCosine(float[][] outputs, float[][] baseline) {
        double sum = 0;
        for (int i = 0; i < outputs.length; i++) {
            double product = 0;
            double own = 0;
            double other = 0;
            for (int j = 0; j < outputs[i].length; j++) {
                product += (double) outputs[i][j] * baseline[i][j];
                own += (double) outputs[i][j] * outputs[i][j];
                other += (double) baseline[i][j] * baseline[i][j];
            }
            sum += product / Math.max(Math.sqrt(own * other), Double.MIN_NORMAL);
        }
        return sum / outputs.length;
    }
}
