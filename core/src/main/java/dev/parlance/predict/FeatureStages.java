package dev.parlance.predict;

import dev.parlance.data.Example;
import dev.parlance.linear.FeatureBatch;
import dev.parlance.linear.FeatureVector;
import dev.parlance.linear.Parallel;
import dev.parlance.linear.TfIdf;
import dev.parlance.task.Logits;
import dev.parlance.task.Task;
import dev.parlance.tokenize.Encoding;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;

/** A linear model over features of texts. */
final class FeatureStages implements Stages<FeatureVector> {
    private static final int SEEN_CHARS = 20_000;
    /** No tokens: there is nothing that a span of the answer could point to. */
    private static final Encoding NO_TOKENS =
            new Encoding(new int[0], new int[0], new int[0], new int[0], new int[0], new int[0], 0);

    private final TfIdf tfIdf;
    private final Task task;
    private final OnnxModel model;
    private final Parallel parallel;

    /** Owns the model. */
    FeatureStages(TfIdf tfIdf, Task task, OnnxModel model, int threads) {
        this.tfIdf = tfIdf;
        this.task = task;
        this.model = model;
        this.parallel = new Parallel(threads);
    }

    @Override
    public int seenChars() {
        return SEEN_CHARS;
    }

    @Override
    public List<FeatureVector> encode(List<Example> examples) {
        return tfIdf.transformAll(examples, parallel);
    }

    @Override
    public int length(FeatureVector features) {
        return features.size();
    }

    @Override
    public int truncatedTokens(FeatureVector features) {
        return 0;
    }

    @Override
    public List<Prediction> run(List<Example> examples, List<FeatureVector> features) {
        int labels = task.labels().size();
        float[][] logits = new float[features.size()][labels];
        List<FeatureBatches.Batch> batches = FeatureBatches.of(features, tfIdf.size(), labels);
        for (int i = 0; i < batches.size(); i++) {
            if (i > 0 && Thread.currentThread().isInterrupted()) {
                throw new CancellationException("interrupted between two batches");
            }
            FeatureBatches.Batch batch = batches.get(i);
            Logits sums = model.forward(FeatureBatch.of(batch.pieces()));
            for (int row = 0; row < batch.texts().length; row++) {
                add(sums.row(row), logits[batch.texts()[row]]);
            }
        }
        List<Prediction> predictions = new ArrayList<>(features.size());
        for (int i = 0; i < logits.length; i++) {
            predictions.add(new Prediction(examples.get(i), task.decode(logits[i], NO_TOKENS), logits[i], 0));
        }
        return predictions;
    }

    private static void add(float[] piece, float[] sum) {
        for (int label = 0; label < sum.length; label++) {
            sum[label] += piece[label];
        }
    }

    @Override
    public void close() {
        try (parallel) {
            model.close();
        }
    }
}
