package dev.parlance.server.api;

import dev.parlance.data.Labels;
import dev.parlance.predict.Prediction;
import dev.parlance.server.engine.Refusal;
import dev.parlance.task.Softmax;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** A classifier's answers as clients want them: the labels with scores, best first. */
final class Scores {
    private Scores() {}

    /** How logits become scores. */
    enum Function {
        SOFTMAX,
        SIGMOID,
        NONE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** A score for each logit, in their order. */
        float[] of(float[] logits) {
            float[] scores = new float[logits.length];
            double[] softmax = this == SOFTMAX ? Softmax.of(logits) : new double[0];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = switch (this) {
                    case SOFTMAX -> (float) softmax[i];
                    case SIGMOID -> (float) (1 / (1 + Math.exp(-logits[i])));
                    case NONE -> logits[i];
                };
            }
            return Vectors.checked(scores);
        }
    }

    /** A label and its score. */
    record Scored(String label, float score) {}

    /** All labels, best first; at a tie in the order of the model's outputs. */
    static List<Scored> ranked(List<String> labels, Prediction prediction, Function function) {
        float[] scores = function.of(logits(labels, prediction));
        List<Scored> ranked = new ArrayList<>(scores.length);
        for (int i = 0; i < scores.length; i++) {
            ranked.add(new Scored(labels.get(i), scores[i]));
        }
        ranked.sort(Comparator.comparingDouble(Scored::score).reversed());
        return ranked;
    }

    /** The numbers behind the labels, one for each. */
    static float[] logits(List<String> labels, Prediction prediction) {
        if (!(prediction.annotation() instanceof Labels) || prediction.logits().length != labels.size()) {
            throw new Refusal(Refusal.Kind.BACKEND, "the version that answered gives no labels");
        }
        return prediction.logits();
    }
}
