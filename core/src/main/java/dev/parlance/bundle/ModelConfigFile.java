package dev.parlance.bundle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** {@code config.json} of a sequence classifier, as transformers writes and reads it. */
final class ModelConfigFile {
    static final String PROBLEM_TYPE = "single_label_classification";
    private static final String HEAD = "ForSequenceClassification";
    private static final Map<String, String> ARCHITECTURES = new TreeMap<>(Map.of(
            "bert",
            "Bert" + HEAD,
            "roberta",
            "Roberta" + HEAD,
            "distilbert",
            "DistilBert" + HEAD,
            "electra",
            "Electra" + HEAD,
            "xlm-roberta",
            "XLMRoberta" + HEAD,
            "camembert",
            "Camembert" + HEAD,
            "roberta-prelayernorm",
            "RobertaPreLayerNorm" + HEAD,
            ModelBundle.LINEAR_TYPE,
            "ParlanceLinear" + HEAD,
            ModelBundle.ENSEMBLE_TYPE,
            "ParlanceEnsemble" + HEAD));
    /** Models whose positions begin after the padding id: two of the position embeddings are never used. */
    private static final Set<String> OFFSET_POSITIONS =
            Set.of("roberta", "xlm-roberta", "camembert", "roberta-prelayernorm");

    private ModelConfigFile() {}

    /** The base model's config with the labels and the architecture of the classifier. */
    static ObjectNode write(ObjectNode base, List<String> labels) {
        String modelType = base.path("model_type").asText();
        String architecture = ARCHITECTURES.get(modelType);
        if (architecture == null) {
            throw new UserError("config.json of the base model has model_type '" + modelType + "', expected one of "
                    + String.join(", ", ARCHITECTURES.keySet()));
        }
        ObjectNode config = base.deepCopy();
        // Weights are saved in 32 bits whatever they were loaded from, and the name of the base is in the model card.
        config.remove(List.of("num_labels", "finetuning_task", "_name_or_path", "dtype", "torch_dtype"));
        config.putArray("architectures").add(architecture);
        ObjectNode id2label = config.putObject("id2label");
        ObjectNode label2id = config.putObject("label2id");
        for (int id = 0; id < labels.size(); id++) {
            id2label.put(Integer.toString(id), labels.get(id));
            label2id.put(labels.get(id), id);
        }
        config.put("problem_type", PROBLEM_TYPE);
        return config;
    }

    /** The labels by id; fails if they have gaps or contradict each other. */
    static List<String> labels(Path file, ObjectNode config) {
        JsonNode id2label = config.path("id2label");
        if (!id2label.isObject() || id2label.isEmpty()) {
            throw new UserError(file + " has no id2label, expected the label of each output; is it a classifier?");
        }
        List<String> labels = new ArrayList<>();
        for (int id = 0; id < id2label.size(); id++) {
            JsonNode label = id2label.get(Integer.toString(id));
            if (label == null || !label.isTextual()) {
                throw new UserError(file + " has " + id2label.size() + " entries in id2label, but none that names " + id
                        + "; expected the keys 0 to " + (id2label.size() - 1));
            }
            labels.add(label.textValue());
        }
        checkInverse(file, labels, config.path("label2id"));
        return labels;
    }

    private static void checkInverse(Path file, List<String> labels, JsonNode label2id) {
        if (label2id.isMissingNode()) {
            return;
        }
        if (label2id.size() != labels.size()) {
            throw new UserError(file + " has " + labels.size() + " entries in id2label and " + label2id.size()
                    + " in label2id, expected as many");
        }
        for (int id = 0; id < labels.size(); id++) {
            JsonNode inverse = label2id.path(labels.get(id));
            if (inverse.asInt(-1) != id) {
                throw new UserError(file + " names output " + id + " '" + labels.get(id)
                        + "' in id2label, but label2id has " + inverse + " for it; expected " + id);
            }
        }
    }

    /** Whether it is of an encoder without a head, such as BertModel. */
    static boolean isEncoder(ObjectNode config) {
        JsonNode architectures = config.path("architectures");
        return !architectures.isEmpty()
                && architectures
                        .valueStream()
                        .allMatch(architecture -> architecture.asText().endsWith("Model"));
    }

    /** Fails for a model that is no single-label classifier. */
    static void checkClassifier(Path file, ObjectNode config) {
        for (JsonNode architecture : config.path("architectures")) {
            if (!architecture.asText().endsWith(HEAD)) {
                throw new UserError(file + " is of a " + architecture.asText() + ", expected a classifier (..." + HEAD
                        + ") or an encoder (...Model); train a classifier from it with parlance train --model");
            }
        }
        String problemType = config.path("problem_type").asText("null");
        if (!problemType.equals("null") && !problemType.equals(PROBLEM_TYPE)) {
            throw new UserError(file + " has problem_type " + problemType + ", expected " + PROBLEM_TYPE);
        }
    }

    /** Longest input that the position embeddings allow, in tokens; Integer.MAX_VALUE if they set no limit. */
    static int maxPositions(ObjectNode config) {
        int positions = config.path("max_position_embeddings").asInt(Integer.MAX_VALUE);
        boolean offset = OFFSET_POSITIONS.contains(config.path("model_type").asText());
        return offset && positions < Integer.MAX_VALUE
                ? positions - config.path("pad_token_id").asInt(1) - 1
                : positions;
    }
}
