package dev.parlance.linear;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Finds the n-grams that become features. Two passes over the texts, so that only the chosen ones are ever held as text. */
final class VocabularyBuilder {
    private static final int CHUNK = 2_048;
    private static final int TASK = 64;

    private final Ngrams ngrams;
    private final List<String> texts;
    private final Parallel parallel;

    VocabularyBuilder(Ngrams ngrams, List<String> texts, Parallel parallel) {
        this.ngrams = ngrams;
        this.texts = texts;
        this.parallel = parallel;
    }

    /** The n-grams in at least {@code minTexts} texts, at most {@code most} of them. */
    Vocabulary build(int minTexts, int most) {
        NgramCounts counts = count();
        long[] selected = counts.select(minTexts, most);
        TreeMap<String, Long> named = new TreeMap<>(names(selected));
        int[] documents = new int[named.size()];
        int id = 0;
        for (long hash : named.values()) {
            documents[id++] = counts.texts(hash);
        }
        return new Vocabulary(List.copyOf(named.keySet()), documents);
    }

    /** Texts are taken apart in parallel and counted in their order. */
    private NgramCounts count() {
        NgramCounts counts = new NgramCounts(NgramCounts.MAX_DISTINCT);
        for (int start = 0; start < texts.size(); start += CHUNK) {
            long[][] chunk = new long[Math.min(CHUNK, texts.size() - start)][];
            int from = start;
            parallel.run((chunk.length + TASK - 1) / TASK, task -> {
                HashList hashes = new HashList();
                for (int i = task * TASK; i < Math.min(chunk.length, (task + 1) * TASK); i++) {
                    hashes.clear();
                    ngrams.of(texts.get(from + i), hashes);
                    chunk[i] = hashes.sorted();
                }
            });
            for (long[] text : chunk) {
                counts.addText(text);
            }
        }
        return counts;
    }

    private Map<String, Long> names(long[] selected) {
        long[] sorted = selected.clone();
        Arrays.sort(sorted);
        boolean[] found = new boolean[sorted.length]; // races only repeat work
        AtomicInteger left = new AtomicInteger(sorted.length);
        Map<String, Long> names = new ConcurrentHashMap<>(2 * sorted.length);
        parallel.run((texts.size() + TASK - 1) / TASK, task -> {
            for (int i = task * TASK; i < Math.min(texts.size(), (task + 1) * TASK) && left.get() > 0; i++) {
                ngrams.of(texts.get(i), (hash, codePoints, start, end) -> {
                    int at = Arrays.binarySearch(sorted, hash);
                    if (at >= 0 && !found[at]) {
                        found[at] = true;
                        if (names.put(new String(codePoints, start, end - start), hash) == null) {
                            left.decrementAndGet();
                        }
                    }
                });
            }
        });
        return names;
    }

    /** Collects hashes without boxing them. */
    private static final class HashList implements NgramSink {
        private long[] hashes = new long[256];
        private int size;

        void clear() {
            size = 0;
        }

        @Override
        public void accept(long hash, int[] codePoints, int start, int end) {
            if (size == hashes.length) {
                hashes = Arrays.copyOf(hashes, 2 * size);
            }
            hashes[size++] = hash;
        }

        long[] sorted() {
            long[] copy = Arrays.copyOf(hashes, size);
            Arrays.sort(copy);
            return copy;
        }
    }
}
