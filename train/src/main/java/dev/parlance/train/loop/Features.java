package dev.parlance.train.loop;

import dev.parlance.data.Example;
import dev.parlance.task.LabelTask;
import dev.parlance.tokenize.Batch;
import dev.parlance.tokenize.Encoding;
import dev.parlance.tokenize.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Tokenized examples with their targets: all that training needs of a data set, in as little memory as that takes. */
final class Features {
    private static final int CHUNK = 4096;

    private final List<int[]> inputIds = new ArrayList<>();
    private final List<int[]> tokenTypeIds = new ArrayList<>();
    private final List<Integer> targets = new ArrayList<>();
    private final int padTokenId;
    private int truncated;

    private Features(int padTokenId) {
        this.padTokenId = padTokenId;
    }

    static Features of(List<Example> examples, LabelTask task, Tokenizer tokenizer) {
        Features features = new Features(tokenizer.padTokenId());
        for (int start = 0; start < examples.size(); start += CHUNK) {
            List<Example> chunk = examples.subList(start, Math.min(examples.size(), start + CHUNK));
            List<Encoding> encodings = tokenizer.encodeAll(chunk);
            for (int i = 0; i < chunk.size(); i++) {
                features.add(encodings.get(i), task.target(chunk.get(i)));
            }
        }
        return features;
    }

    private void add(Encoding encoding, int target) {
        inputIds.add(encoding.inputIds());
        boolean pair = Arrays.stream(encoding.tokenTypeIds()).anyMatch(type -> type != 0);
        tokenTypeIds.add(pair ? encoding.tokenTypeIds() : new int[0]);
        targets.add(target);
        truncated += encoding.truncatedTokens() > 0 ? 1 : 0;
    }

    int size() {
        return targets.size();
    }

    /** Texts that were cut to the maximum length. */
    int truncated() {
        return truncated;
    }

    /** Tokens of an example, special tokens included. */
    int length(int index) {
        return inputIds.get(index).length;
    }

    int target(int index) {
        return targets.get(index);
    }

    long[] targets(int[] indices) {
        return Arrays.stream(indices).mapToLong(targets::get).toArray();
    }

    /** How often each target occurs. */
    int[] counts(int labels) {
        int[] counts = new int[labels];
        targets.forEach(target -> counts[target]++);
        return counts;
    }

    /** The examples padded to the longest of them. */
    Batch batch(int[] indices) {
        int length = Arrays.stream(indices).map(this::length).max().orElseThrow();
        int rows = indices.length;
        Batch batch = new Batch(new long[rows][length], new long[rows][length], new long[rows][length]);
        for (int row = 0; row < rows; row++) {
            int[] ids = inputIds.get(indices[row]);
            int[] types = tokenTypeIds.get(indices[row]);
            for (int i = 0; i < length; i++) {
                batch.inputIds()[row][i] = i < ids.length ? ids[i] : padTokenId;
                batch.attentionMask()[row][i] = i < ids.length ? 1 : 0;
                batch.tokenTypeIds()[row][i] = i < types.length ? types[i] : 0;
            }
        }
        return batch;
    }

    /** All examples in batches of like length, longest first. */
    List<int[]> batchesByLength(int batchSize) {
        List<Integer> order = IntStream.range(0, size())
                .boxed()
                .sorted((a, b) -> Integer.compare(length(b), length(a)))
                .toList();
        List<int[]> batches = new ArrayList<>();
        for (int start = 0; start < order.size(); start += batchSize) {
            batches.add(order.subList(start, Math.min(order.size(), start + batchSize)).stream()
                    .mapToInt(Integer::intValue)
                    .toArray());
        }
        return batches;
    }
}
