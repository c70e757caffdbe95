package dev.parlance.predict;

import dev.parlance.data.Example;
import dev.parlance.data.Labels;
import dev.parlance.data.Labels.ScoredLabel;
import dev.parlance.task.Task;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/** Several models that answer together: their probabilities are averaged, each model by its weight. */
final class EnsembleStages implements Stages<List<Object>> {
    private final Task task;
    private final List<Member<?>> members;
    private final Map<String, Integer> indices = new HashMap<>();

    /** Owns the members, of which there is at least one. */
    EnsembleStages(Task task, List<Member<?>> members) {
        this.task = task;
        this.members = List.copyOf(members);
        task.labels().forEach(label -> indices.put(label, indices.size()));
    }

    /**
     * One of the models.
     *
     * @param stages how it reads and answers
     * @param weight its share in the answer
     */
    record Member<E>(Stages<E> stages, double weight) {
        List<Prediction> run(List<Example> examples, List<List<Object>> encoded, int member) {
            return stages.run(
                    examples, encoded.stream().map(ofAll -> own(ofAll, member)).toList());
        }

        int length(List<Object> ofAll, int member) {
            return stages.length(own(ofAll, member));
        }

        int truncatedTokens(List<Object> ofAll, int member) {
            return stages.truncatedTokens(own(ofAll, member));
        }

        @SuppressWarnings("unchecked") // what this member's own stages have encoded
        private E own(List<Object> ofAll, int member) {
            return (E) ofAll.get(member);
        }
    }

    @Override
    public int seenChars() {
        return members.stream()
                .mapToInt(member -> member.stages().seenChars())
                .max()
                .orElseThrow();
    }

    @Override
    public List<List<Object>> encode(List<Example> examples) {
        List<List<Object>> encoded = new ArrayList<>();
        examples.forEach(example -> encoded.add(new ArrayList<>()));
        for (Member<?> member : members) {
            List<?> own = member.stages().encode(examples);
            for (int i = 0; i < own.size(); i++) {
                encoded.get(i).add(own.get(i));
            }
        }
        return encoded;
    }

    @Override
    public int length(List<Object> encoded) {
        return IntStream.range(0, members.size())
                .map(m -> members.get(m).length(encoded, m))
                .sum();
    }

    @Override
    public int truncatedTokens(List<Object> encoded) {
        return IntStream.range(0, members.size())
                .map(m -> members.get(m).truncatedTokens(encoded, m))
                .max()
                .orElseThrow();
    }

    @Override
    public List<Prediction> run(List<Example> examples, List<List<Object>> encoded) {
        double[][] sums = new double[examples.size()][task.labels().size()];
        int[] truncated = new int[examples.size()];
        for (int m = 0; m < members.size(); m++) {
            List<Prediction> answers = members.get(m).run(examples, encoded, m);
            for (int i = 0; i < answers.size(); i++) {
                truncated[i] = Math.max(truncated[i], answers.get(i).truncatedTokens());
                add((Labels) answers.get(i).annotation(), members.get(m).weight(), sums[i]);
            }
        }
        List<Prediction> predictions = new ArrayList<>(examples.size());
        for (int i = 0; i < sums.length; i++) {
            predictions.add(new Prediction(examples.get(i), labels(sums[i]), logarithms(sums[i]), truncated[i]));
        }
        return predictions;
    }

    private void add(Labels answer, double weight, double[] sum) {
        for (ScoredLabel scored : answer.all()) {
            sum[Objects.requireNonNull(indices.get(scored.label()))] += weight * scored.score();
        }
    }

    private static float[] logarithms(double[] probabilities) {
        float[] logits = new float[probabilities.length];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) Math.log(Math.max(probabilities[i], Float.MIN_NORMAL));
        }
        return logits;
    }

    private Labels labels(double[] probabilities) {
        List<ScoredLabel> scored = new ArrayList<>();
        for (int i = 0; i < probabilities.length; i++) {
            scored.add(new ScoredLabel(task.labels().get(i), probabilities[i]));
        }
        scored.sort(Comparator.comparingDouble(ScoredLabel::score).reversed());
        return new Labels(scored);
    }

    @Override
    public void close() {
        members.forEach(member -> member.stages().close());
    }
}
