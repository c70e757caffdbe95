package dev.parlance.predict;

import dev.parlance.tokenize.Encoding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Groups encodings of like length, so that little of a batch is padding. */
final class LengthBatches {
    /** Batches of this size fill the processor; larger ones only fall out of its caches. */
    private static final int MAX_TOKENS = 4_096;

    private static final int MAX_ROWS = 256;

    private LengthBatches() {}

    /** Indices into the encodings, each once, longest first; a batch with its padding has at most 4,096 tokens or one row. */
    static List<List<Integer>> of(List<Encoding> encodings) {
        List<Integer> order = IntStream.range(0, encodings.size())
                .boxed()
                .sorted(Comparator.comparingInt((Integer i) -> encodings.get(i).length())
                        .reversed())
                .toList();
        List<List<Integer>> batches = new ArrayList<>();
        int start = 0;
        while (start < order.size()) {
            int longest = Math.max(1, encodings.get(order.get(start)).length());
            int rows = Math.max(1, Math.min(MAX_ROWS, MAX_TOKENS / longest));
            int end = Math.min(order.size(), start + rows);
            batches.add(order.subList(start, end));
            start = end;
        }
        return batches;
    }
}
