package dev.parlance.train.crossval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.Json;
import dev.parlance.config.UserError;
import dev.parlance.metric.ClassificationMetrics;
import dev.parlance.metric.Report;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The files of a cross-validation. A fold is finished when {@code fold-N/fold.json} is there, which is written last, after
 * the probabilities of its rows.
 */
final class FoldFiles {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path directory;

    FoldFiles(Path directory) {
        this.directory = directory;
    }

    Path directory() {
        return directory;
    }

    Path fold(int number) {
        return directory.resolve("fold-" + number);
    }

    /**
     * Makes the directory of this plan, or opens it if it has the same plan.
     *
     * @param overwrite whether a directory with another plan is emptied first
     * @throws UserError if it has another plan
     */
    void begin(ObjectNode plan, boolean overwrite) {
        Path file = directory.resolve("plan.json");
        if (Files.isRegularFile(file)) {
            String difference = PlanDifference.of(Json.readObject(file), plan);
            if (difference.isEmpty()) {
                return;
            }
            if (!overwrite) {
                throw new UserError(directory + " holds another cross-validation (" + difference
                        + "); choose another --output, or begin anew with --overwrite");
            }
            ExperimentFiles.delete(directory);
        } else if (Files.exists(directory)) {
            throw new UserError(
                    directory + " is there and is no cross-validation; move it away or choose another --output");
        }
        write("plan.json", Json.pretty(plan));
    }

    void write(String name, String text) {
        ExperimentFiles.write(directory.resolve(name), text);
    }

    /** An empty directory for a fold. */
    Path begin(int number) {
        ExperimentFiles.delete(fold(number));
        return ExperimentFiles.createDirectories(fold(number));
    }

    /** Puts a finished fold on disk; {@code probabilities} are those of its rows in their order. */
    void finish(FoldResult fold, double[][] probabilities, boolean keepModel) {
        Path place = fold(fold.number());
        ExperimentFiles.write(place.resolve("probabilities.jsonl"), channel -> {
            for (double[] row : probabilities) {
                ExperimentFiles.writeFully(channel, Json.line(row) + "\n");
            }
        });
        ExperimentFiles.write(place.resolve("fold.json"), Json.pretty(json(fold)));
        if (!keepModel) {
            ExperimentFiles.delete(place.resolve("model"));
        }
        for (String part : new String[] {"train", "validation", "test"}) {
            ExperimentFiles.delete(place.resolve(part + ".jsonl"));
        }
    }

    /** The probabilities of a finished fold; empty if it is not finished. */
    Optional<double[][]> probabilities(int number, int rows, int labels) {
        Path place = fold(number);
        if (!Files.isRegularFile(place.resolve("fold.json"))) {
            return Optional.empty();
        }
        Path file = place.resolve("probabilities.jsonl");
        double[][] all = new double[rows][];
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            for (int row = 0; row < rows; row++) {
                String line = reader.readLine();
                all[row] = line == null ? new double[0] : JSON.readValue(line, double[].class);
                if (all[row].length != labels) {
                    throw new UserError(file + " line " + (row + 1) + " has " + all[row].length
                            + " probabilities, expected " + labels + "; delete " + place + " to train the fold again");
                }
            }
        } catch (JsonProcessingException e) {
            throw new UserError(file + " is no valid JSON; delete " + place + " to train the fold again", e);
        } catch (IOException e) {
            throw new UserError(file + " cannot be read: " + e, e);
        }
        return Optional.of(all);
    }

    /** What is known of a finished fold besides its scores, which follow from the probabilities. */
    FoldResult result(int number, Report report) {
        ObjectNode json = Json.readObject(fold(number).resolve("fold.json"));
        return new FoldResult(
                number,
                json.path("train_rows").asInt(),
                json.path("validation_rows").asInt(),
                report,
                json.path("model").asText(),
                json.path("best_step").asLong(),
                json.path("train_seconds").asDouble());
    }

    private static ObjectNode json(FoldResult fold) {
        return Json.object()
                .put("train_rows", fold.trainRows())
                .put("validation_rows", fold.validationRows())
                .put("test_rows", fold.report().examples())
                .put("model", fold.model())
                .put("best_step", fold.bestStep())
                .put("train_seconds", fold.seconds());
    }

    static Report report(OutOfFold rows) {
        return ClassificationMetrics.report(rows.labels(), rows.gold(), rows.probabilities());
    }
}
