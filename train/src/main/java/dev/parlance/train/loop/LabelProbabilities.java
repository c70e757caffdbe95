package dev.parlance.train.loop;

import dev.parlance.data.Example;
import dev.parlance.data.Labels;
import dev.parlance.predict.Pipeline;
import dev.parlance.predict.Prediction;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What a saved model says of examples, as {@code predict} would. */
public final class LabelProbabilities {
    private LabelProbabilities() {}

    /**
     * Asks the model in a directory.
     *
     * @param labels the columns of the result; those of the model are among them
     * @return {@code [examples][labels]}; 0 for a label that the model does not know
     */
    public static double[][] of(Path model, List<Example> examples, List<String> labels) {
        Map<String, Integer> columns = new HashMap<>();
        labels.forEach(label -> columns.put(label, columns.size()));
        double[][] probabilities = new double[examples.size()][labels.size()];
        try (Pipeline pipeline = Pipeline.load(model);
                Stream<Prediction> predictions = pipeline.predictAll(examples.stream())) {
            int row = 0;
            for (Iterator<Prediction> i = predictions.iterator(); i.hasNext(); row++) {
                for (Labels.ScoredLabel scored : ((Labels) i.next().annotation()).all()) {
                    Integer column = columns.get(scored.label());
                    if (column == null) {
                        throw new IllegalArgumentException(
                                model + " has the label '" + scored.label() + "', expected one of " + labels);
                    }
                    probabilities[row][column] = scored.score();
                }
            }
        }
        return probabilities;
    }
}
