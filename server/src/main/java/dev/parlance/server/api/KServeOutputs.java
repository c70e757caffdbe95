package dev.parlance.server.api;

import dev.parlance.predict.Prediction;
import dev.parlance.server.api.KServeBodies.OutputRequest;
import dev.parlance.server.api.KServeBodies.OutputTensor;
import dev.parlance.server.api.Scores.Scored;
import dev.parlance.server.engine.Answer;
import dev.parlance.task.Task;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tensors of a KServe reply: those that were asked for, in that order. */
final class KServeOutputs {
    private static final List<String> OF_CLASSIFIER = List.of("label", "score", "probabilities");
    private static final List<String> OF_ENCODER = List.of("embedding");

    private final List<OutputRequest> wanted;

    private KServeOutputs(List<OutputRequest> wanted) {
        this.wanted = wanted;
    }

    /**
     * The outputs that a request wants; all if it says nothing.
     *
     * @throws dev.parlance.server.engine.Refusal if the model has no output of a name
     */
    static KServeOutputs of(Task task, @Nullable List<OutputRequest> requested) {
        List<String> known = task.labels().isEmpty() ? OF_ENCODER : OF_CLASSIFIER;
        if (requested == null || requested.isEmpty()) {
            return new KServeOutputs(
                    known.stream().map(name -> new OutputRequest(name, null)).toList());
        }
        for (int i = 0; i < requested.size(); i++) {
            OutputRequest output = requested.get(i);
            if (!known.contains(output.name())) {
                throw KServeRoutes.unknownOutput(i, known);
            }
            if (classes(output) != null && !output.name().equals("probabilities")) {
                throw new BadField(
                        "outputs[" + i + "].parameters.classification", "is for the output probabilities only");
            }
        }
        return new KServeOutputs(requested);
    }

    private static @Nullable Integer classes(OutputRequest output) {
        return output.parameters() == null ? null : output.parameters().classification();
    }

    List<OutputTensor> tensors(Answer answer) {
        List<OutputTensor> tensors = new ArrayList<>(wanted.size());
        for (OutputRequest output : wanted) {
            Integer classes = classes(output);
            tensors.add(
                    switch (output.name()) {
                        case "embedding" -> embedding(answer);
                        case "label" -> best(answer, true);
                        case "score" -> best(answer, false);
                        default -> classes == null ? probabilities(answer) : classes(answer, classes);
                    });
        }
        return tensors;
    }

    private static OutputTensor embedding(Answer answer) {
        float[][] vectors = Vectors.shaped(Serving.embeddings(answer), false, null);
        int width = vectors[0].length;
        float[] flat = new float[vectors.length * width];
        for (int i = 0; i < vectors.length; i++) {
            System.arraycopy(vectors[i], 0, flat, i * width, width);
        }
        return OutputTensor.of("embedding", flat, vectors.length, width);
    }

    private static OutputTensor best(Answer answer, boolean label) {
        int n = answer.predictions().size();
        List<String> labels = new ArrayList<>(n);
        float[] scores = new float[n];
        for (Prediction prediction : answer.predictions()) {
            Scored best = ranked(answer, prediction).get(0);
            scores[labels.size()] = best.score();
            labels.add(best.label());
        }
        return label ? OutputTensor.of("label", labels, n) : OutputTensor.of("score", scores, n);
    }

    private static OutputTensor probabilities(Answer answer) {
        List<String> labels = answer.model().task().labels();
        int n = answer.predictions().size();
        float[] flat = new float[n * labels.size()];
        for (int i = 0; i < n; i++) {
            float[] row = Scores.Function.SOFTMAX.of(
                    Scores.logits(labels, answer.predictions().get(i)));
            System.arraycopy(row, 0, flat, i * labels.size(), row.length);
        }
        return OutputTensor.of("probabilities", flat, n, labels.size());
    }

    /** As Triton's classification extension has it: score, index and label of the best, in a string each. */
    private static OutputTensor classes(Answer answer, int wanted) {
        List<String> labels = answer.model().task().labels();
        int count = Math.min(wanted, labels.size());
        List<String> classes = new ArrayList<>();
        for (Prediction prediction : answer.predictions()) {
            for (Scored scored : ranked(answer, prediction).subList(0, count)) {
                classes.add(scored.score() + ":" + labels.indexOf(scored.label()) + ":" + scored.label());
            }
        }
        return OutputTensor.of("probabilities", classes, answer.predictions().size(), count);
    }

    private static List<Scored> ranked(Answer answer, Prediction prediction) {
        return Scores.ranked(answer.model().task().labels(), prediction, Scores.Function.SOFTMAX);
    }
}
