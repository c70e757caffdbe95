package dev.parlance.train.loop;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parlance.bundle.ModelBundle;
import dev.parlance.config.Json;
import dev.parlance.config.UserError;
import dev.parlance.train.head.SequenceClassifier;
import dev.parlance.train.weights.Safetensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The pretrained weights under a head for the task's labels. */
final class BaseModel {
    private BaseModel() {}

    /**
     * Loads the encoder, and the head too if the model has one for just these labels.
     *
     * @throws UserError if weights are missing or do not fit, or the model's head is for other labels
     */
    static SequenceClassifier load(Prepared prepared, TrainingListener listener) {
        boolean resetHead = prepared.config().model().resetHead();
        List<String> labels = prepared.task().labels();
        try (Safetensors weights = Safetensors.openModel(prepared.base())) {
            SequenceClassifier.Loaded loaded = SequenceClassifier.load(
                    prepared.encoder(),
                    labels.size(),
                    weights,
                    prepared.base().toString(),
                    resetHead,
                    prepared.config().training().seed());
            List<String> found = namedLabels(prepared.base());
            if (loaded.report().initialized().isEmpty() && !found.isEmpty() && !found.equals(labels)) {
                loaded.model().close();
                throw new UserError(prepared.base() + " has a head for the labels " + shown(found)
                        + " but the data has " + shown(labels)
                        + "; train on data with the same labels or pass --reset-head");
            }
            listener.onModel(loaded.report());
            return loaded.model();
        }
    }

    /** The labels of the model's head; empty where config.json has none, or the LABEL_0 that transformers makes up. */
    private static List<String> namedLabels(Path base) {
        List<String> labels = new ArrayList<>();
        JsonNode id2label = Json.readObject(base.resolve(ModelBundle.CONFIG)).path("id2label");
        for (int i = 0; id2label.has(Integer.toString(i)); i++) {
            labels.add(id2label.get(Integer.toString(i)).asText());
        }
        return labels.stream().allMatch(label -> label.matches("LABEL_\\d+")) ? List.of() : labels;
    }

    private static String shown(List<String> labels) {
        return labels.size() <= 10 ? labels.toString() : labels.size() + " labels " + labels.subList(0, 10) + " ...";
    }
}
