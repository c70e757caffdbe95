package dev.parlance.train.export;

import dev.parlance.predict.OnnxModel;
import dev.parlance.predict.OnnxOptions;
import dev.parlance.tokenize.Batch;
import dev.parlance.tokenize.Encoding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Median times of graphs on batches of some shapes, taken by turns so that a busy machine is busy for each of them. */
final class GraphSpeed {
    private static final int ROUNDS = 3;
    private static final long ROUND_NANOS = 250_000_000L;
    private static final int FEWEST = 3;
    private static final int WIDE = 32;

    private GraphSpeed() {}

    /** Milliseconds by shape, such as {@code 1x16}; the best of the rounds' medians. */
    static List<Map<String, Double>> measure(List<Path> graphs, List<Encoding> texts, int maxTokens) {
        List<Map<String, Double>> times = new ArrayList<>();
        List<OnnxModel> models = new ArrayList<>();
        try {
            for (Path graph : graphs) {
                models.add(OnnxModel.load(graph, new OnnxOptions(0, true)));
                times.add(new LinkedHashMap<>());
            }
            for (Batch batch : batches(texts, maxTokens)) {
                String shape = batch.size() + "x" + batch.sequenceLength();
                for (int round = 0; round < ROUNDS; round++) {
                    for (int i = 0; i < models.size(); i++) {
                        times.get(i).merge(shape, median(models.get(i), batch), Math::min);
                    }
                }
            }
        } finally {
            models.forEach(OnnxModel::close);
        }
        return times;
    }

    /** Texts a second of the widest batch. */
    static double textsPerSecond(Map<String, Double> times) {
        return times.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(WIDE + "x"))
                .mapToDouble(entry -> WIDE * 1000 / entry.getValue())
                .findFirst()
                .orElseThrow();
    }

    private static double median(OnnxModel model, Batch batch) {
        List<Long> nanos = new ArrayList<>();
        long end = System.nanoTime() + ROUND_NANOS;
        do {
            long start = System.nanoTime();
            model.forward(batch);
            nanos.add(System.nanoTime() - start);
        } while (nanos.size() < FEWEST || System.nanoTime() < end);
        nanos.sort(null);
        return nanos.get(nanos.size() / 2) / 1e6;
    }

    private static List<Batch> batches(List<Encoding> texts, int maxTokens) {
        long[] tokens = texts.stream()
                .flatMapToLong(encoding -> Arrays.stream(encoding.inputIds()).asLongStream())
                .toArray();
        return List.of(
                batch(tokens, 1, Math.min(16, maxTokens)),
                batch(tokens, 1, Math.min(32, maxTokens)),
                batch(tokens, 1, Math.min(128, maxTokens)),
                batch(tokens, WIDE, Math.min(64, maxTokens)));
    }

    /** Tokens of the texts one after the other, over and over. */
    private static Batch batch(long[] tokens, int rows, int length) {
        Batch batch = new Batch(new long[rows][length], new long[rows][length], new long[rows][length]);
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < length; i++) {
                batch.inputIds()[row][i] = tokens[(row * length + i) % tokens.length];
                batch.attentionMask()[row][i] = 1;
            }
        }
        return batch;
    }
}
