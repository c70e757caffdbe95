package dev.parlance.train.loop;

import dev.parlance.config.TrainingArguments;
import dev.parlance.data.Example;
import dev.parlance.tokenize.Tokenizer;
import dev.parlance.train.head.SequenceClassifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Measures a {@link TrainingCost}: a few steps on texts of the run, after one that warms up. */
final class CostProbe {
    private static final int SAMPLE = 2_000;
    private static final double SECONDS = 4;
    private static final int MAX_BATCHES = 20;

    private CostProbe() {}

    /**
     * Measures.
     *
     * @param prepared with a tokenizer that cuts no text that the encoder can take
     * @param maxLength length to which texts are cut in the steps that are timed
     */
    static TrainingCost measure(Prepared prepared, int maxLength) {
        TrainingArguments arguments = prepared.config().training();
        List<Example> sample = new ArrayList<>(prepared.splits().train().examples());
        Collections.shuffle(sample, new Random(arguments.seed()));
        sample = sample.subList(0, Math.min(SAMPLE, sample.size()));
        Features whole = Features.of(sample, prepared.task(), prepared.tokenizer());
        int[] lengths = IntStream.range(0, whole.size()).map(whole::length).toArray();
        int maxTokens = prepared.encoder().maxTokens();
        try (Tokenizer cutting = Tokenizer.load(prepared.base(), Math.min(maxLength, maxTokens));
                SequenceClassifier model = BaseModel.load(prepared, TrainingListener.NONE)) {
            Throughput work = Throughput.of(model, prepared.encoder());
            Features features = Features.of(sample, prepared.task(), cutting);
            try (TrialSteps steps = new TrialSteps(prepared, model, arguments)) {
                return new TrainingCost(
                        prepared.config().model().modelNameOrPath(),
                        arguments.learningRate(),
                        maxTokens,
                        lengths,
                        work.flopsPerToken(),
                        work.flopsPerSquaredToken(),
                        flopsPerSecond(steps, features, arguments, work));
            }
        }
    }

    private static double flopsPerSecond(
            TrialSteps steps, Features features, TrainingArguments arguments, Throughput work) {
        List<int[]> batches = EpochBatches.of(features, arguments, 0);
        steps.run(features, batches.get(0));
        double flops = 0;
        long start = System.nanoTime();
        for (int i = 0; i < MAX_BATCHES && (i == 0 || System.nanoTime() - start < SECONDS * 1e9); i++) {
            int[] batch = batches.get((i + 1) % batches.size());
            steps.run(features, batch);
            for (int text : batch) {
                flops += work.flops(features.length(text));
            }
        }
        return flops / ((System.nanoTime() - start) / 1e9);
    }
}
