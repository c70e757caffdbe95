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
            List<E> own = new ArrayList<>(encoded.size());
            for (List<Object> ofAll : encoded) {
                @SuppressWarnings("unchecked") // what this member's own stages have encoded
                E mine = (E) ofAll.get(member);
                own.add(mine);
            }
            return stages.run(examples, own);
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
            predictions.add(new Prediction(examples.get(i), labels(sums[i]), truncated[i]));
        }
        return predictions;
    }

    private void add(Labels answer, double weight, double[] sum) {
        for (ScoredLabel scored : answer.all()) {
            sum[Objects.requireNonNull(indices.get(scored.label()))] += weight * scored.score();
        }
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
