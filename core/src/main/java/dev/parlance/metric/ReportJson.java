package dev.parlance.metric;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.Json;
import dev.parlance.config.UserError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The report as JSON and back. What can be derived (the confused pairs) is written for readers and ignored on reading. */
final class ReportJson {
    private static final int CONFUSED_PAIRS = 20;

    private ReportJson() {}

    static ObjectNode write(Report report) {
        ObjectNode json = Json.object();
        json.put("examples", report.examples());
        ObjectNode metrics = json.putObject("metrics");
        report.metrics().forEach(metrics::put);
        ArrayNode labels = json.putArray("labels");
        report.labels().forEach(score -> labels.add(Json.tree(score)));
        ArrayNode matrix = json.putArray("confusion_matrix");
        for (int[] row : report.confusion()) {
            ArrayNode counts = matrix.addArray();
            for (int count : row) {
                counts.add(count);
            }
        }
        ArrayNode pairs = json.putArray("most_confused");
        report.mostConfused(CONFUSED_PAIRS).forEach(pair -> pairs.add(Json.tree(pair)));
        return json;
    }

    static Report read(ObjectNode json) {
        List<Report.LabelScore> labels = new ArrayList<>();
        for (JsonNode label : need(json, "labels", JsonNode::isArray, "a list")) {
            labels.add(new Report.LabelScore(
                    need(label, "label", JsonNode::isTextual, "text").textValue(),
                    number(label, "precision"),
                    number(label, "recall"),
                    number(label, "f1"),
                    count(label, "support")));
        }
        Map<String, Double> metrics = new LinkedHashMap<>();
        JsonNode named = need(json, "metrics", JsonNode::isObject, "an object");
        named.fieldNames().forEachRemaining(name -> metrics.put(name, number(named, name)));
        try {
            return new Report(count(json, "examples"), metrics, labels, matrix(json));
        } catch (IllegalArgumentException e) {
            throw new UserError("the report contradicts itself: " + e.getMessage(), e);
        }
    }

    private static int[][] matrix(ObjectNode json) {
        JsonNode rows = need(json, "confusion_matrix", JsonNode::isArray, "a list of lists");
        int[][] matrix = new int[rows.size()][];
        for (int i = 0; i < matrix.length; i++) {
            matrix[i] = new int[rows.get(i).size()];
            for (int j = 0; j < matrix[i].length; j++) {
                matrix[i][j] = rows.get(i).get(j).asInt();
            }
        }
        return matrix;
    }

    private static double number(JsonNode object, String key) {
        return need(object, key, JsonNode::isNumber, "a number").doubleValue();
    }

    private static int count(JsonNode object, String key) {
        return need(object, key, JsonNode::canConvertToInt, "a whole number").intValue();
    }

    private static JsonNode need(
            JsonNode object, String key, java.util.function.Predicate<JsonNode> type, String expected) {
        JsonNode value = object.get(key);
        if (value == null || !type.test(value)) {
            throw new UserError("the report has " + (value == null ? "no " + key : key + " " + value.getNodeType())
                    + ", expected " + expected + " there; evaluate the model again");
        }
        return value;
    }
}
