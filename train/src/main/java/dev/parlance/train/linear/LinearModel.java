package dev.parlance.train.linear;

import dev.parlance.linear.Feature;
import dev.parlance.linear.FeatureVector;
import dev.parlance.linear.TfIdf;
import dev.parlance.linear.WeightedFeature;
import dev.parlance.train.weights.WeightSource;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeSet;

/** Weights of a logistic regression, in 32 bits as they are saved. Immutable. */
public final class LinearModel {
    private static final String WEIGHT = "classifier.weight";
    private static final String BIAS = "classifier.bias";

    private final int features;
    private final int labels;
    private final float[] weights; // [features + 1, labels], intercepts last

    private LinearModel(int features, int labels, float[] weights) {
        this.features = features;
        this.labels = labels;
        this.weights = weights;
    }

    /** Takes the weights as {@link SoftmaxLoss} lays them out; with two labels the first one's are 0. */
    static LinearModel of(double[] found, int features, int labels) {
        int columns = SoftmaxLoss.columns(labels);
        float[] weights = new float[Math.multiplyExact(features + 1, labels)];
        for (int row = 0; row <= features; row++) {
            for (int k = 0; k < columns; k++) {
                weights[row * labels + labels - columns + k] = (float) found[row * columns + k];
            }
        }
        return new LinearModel(features, labels, weights);
    }

    /** Puts the weights back to where {@link #of} took them from. */
    void copyInto(double[] target) {
        int columns = SoftmaxLoss.columns(labels);
        for (int row = 0; row <= features; row++) {
            for (int k = 0; k < columns; k++) {
                target[row * columns + k] = weights[row * labels + labels - columns + k];
            }
        }
    }

    /** How many features there are. */
    public int features() {
        return features;
    }

    /** How many labels there are. */
    public int labels() {
        return labels;
    }

    /** All weights: row-major {@code [features + 1, labels]}, intercepts last. Not copied: treat it as read-only. */
    float[] weights() {
        return weights;
    }

    /** The logits of a text. */
    public float[] logits(FeatureVector text) {
        double[] sums = new double[labels];
        for (int k = 0; k < labels; k++) {
            sums[k] = weights[features * labels + k];
        }
        for (int i = 0; i < text.size(); i++) {
            int from = text.ids()[i] * labels;
            double value = text.values()[i];
            for (int k = 0; k < labels; k++) {
                sums[k] += value * weights[from + k];
            }
        }
        float[] logits = new float[labels];
        for (int k = 0; k < labels; k++) {
            logits[k] = (float) sums[k];
        }
        return logits;
    }

    /**
     * What speaks most for each label, best first: the features with the largest positive coefficients, of each kind up to
     * {@code count}. With two labels the coefficients of the first are those of the second with the other sign.
     */
    public Map<String, List<WeightedFeature>> topFeatures(List<String> names, TfIdf tfIdf, int count) {
        Map<String, List<WeightedFeature>> top = new LinkedHashMap<>();
        for (int label = 0; label < labels; label++) {
            Map<String, PriorityQueue<WeightedFeature>> byKind = new LinkedHashMap<>();
            for (int id = 0; id < features; id++) {
                double weight = coefficient(id, label);
                if (weight > 0) {
                    add(byKind, tfIdf.feature(id), weight, count);
                }
            }
            List<WeightedFeature> all = new ArrayList<>();
            byKind.values().forEach(all::addAll);
            all.sort((a, b) -> Double.compare(b.weight(), a.weight()));
            top.put(names.get(label), all);
        }
        return top;
    }

    private double coefficient(int id, int label) {
        return labels == 2 && label == 0 ? -weights[id * labels + 1] : weights[id * labels + label];
    }

    private static void add(
            Map<String, PriorityQueue<WeightedFeature>> byKind, Feature feature, double weight, int count) {
        PriorityQueue<WeightedFeature> best = byKind.computeIfAbsent(
                feature.kind(), kind -> new PriorityQueue<>((a, b) -> Double.compare(a.weight(), b.weight())));
        if (best.size() < count) {
            best.add(new WeightedFeature(feature.kind(), feature.text(), weight));
        } else if (best.element().weight() < weight) {
            best.remove();
            best.add(new WeightedFeature(feature.kind(), feature.text(), weight));
        }
    }

    /** The weights under the names of a Hugging Face head: {@code classifier.weight [labels, features]}, {@code classifier.bias}. */
    public WeightSource toWeights() {
        return new Source();
    }

    private final class Source implements WeightSource {
        @Override
        public Set<String> names() {
            return new TreeSet<>(Set.of(WEIGHT, BIAS));
        }

        @Override
        public long[] shape(String name) {
            return name.equals(WEIGHT) ? new long[] {labels, features} : new long[] {labels};
        }

        @Override
        public void copyInto(String name, FloatBuffer target) {
            if (name.equals(BIAS)) {
                target.put(weights, features * labels, labels);
                return;
            }
            for (int label = 0; label < labels; label++) {
                for (int id = 0; id < features; id++) {
                    target.put(weights[id * labels + label]);
                }
            }
        }
    }
}
