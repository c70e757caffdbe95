package dev.parlance.train.crossval;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.Json;
import dev.parlance.metric.FoldScores;
import dev.parlance.metric.Report;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A finished cross-validation.
 *
 * @param directory where everything is: {@code out-of-fold.csv}, {@code out-of-fold.jsonl}, {@code report.html},
 *     {@code cross-validation.json}
 * @param folds one result of each fold
 * @param scores mean, deviation and interval of each score over the folds, by name
 * @param report scores of all out-of-fold predictions together
 */
public record CrossValidationResult(
        Path directory, List<FoldResult> folds, Map<String, FoldScores> scores, Report report) {
    public CrossValidationResult {
        folds = List.copyOf(folds);
        scores = new LinkedHashMap<>(scores);
    }

    static CrossValidationResult of(Path directory, List<FoldResult> folds, Report report) {
        double tested =
                folds.stream().mapToInt(fold -> fold.report().examples()).sum();
        double trained = folds.stream()
                .mapToInt(fold -> fold.trainRows() + fold.validationRows())
                .sum();
        Map<String, FoldScores> scores = new LinkedHashMap<>();
        for (String name : folds.get(0).report().metrics().keySet()) {
            boolean everywhere =
                    folds.stream().allMatch(fold -> fold.report().metrics().containsKey(name));
            if (everywhere && !name.contains("_ci95_")) {
                double[] values = folds.stream()
                        .mapToDouble(fold -> fold.report().metric(name))
                        .toArray();
                scores.put(name, FoldScores.of(values, tested / trained));
            }
        }
        return new CrossValidationResult(directory, folds, scores, report);
    }

    /** As {@code cross-validation.json} holds it. */
    public ObjectNode toJson() {
        ObjectNode json = Json.object();
        ArrayNode each = json.putArray("folds");
        for (FoldResult fold : folds) {
            each.addObject()
                    .put("fold", fold.number())
                    .put("train_rows", fold.trainRows())
                    .put("validation_rows", fold.validationRows())
                    .put("test_rows", fold.report().examples())
                    .put("model", fold.model())
                    .put("best_step", fold.bestStep())
                    .put("train_seconds", fold.seconds())
                    .set("metrics", Json.tree(fold.report().metrics()));
        }
        json.put("interval", "95 % corrected resampled t interval (Nadeau and Bengio 2003)");
        json.set("scores", Json.tree(scores));
        json.set("out_of_fold", report.toJson());
        return json;
    }
}
