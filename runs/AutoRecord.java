import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.time.Duration;
import java.time.Instant;

/**
 * Puts the linear model, the default one and that of --auto of one data set into a JSON file: test scores, seconds from
 * start to saved model, and how --auto chose.
 *
 * <p>usage: java -cp 'cli/target/lib/*' runs/AutoRecord.java MODELS_DIR/SET OUT.json
 */
public class AutoRecord {
    private static final ObjectMapper JSON = new ObjectMapper();

    public static void main(String[] args) throws Exception {
        ObjectNode record = JSON.createObjectNode();
        for (String kind : new String[] {"linear", "default", "auto"}) {
            File model = new File(args[0] + "-" + kind);
            JsonNode metrics = JSON.readTree(new File(model, "report.json")).at("/test/metrics");
            JsonNode provenance = JSON.readTree(new File(model, "provenance.json"));
            ObjectNode result = record.putObject(kind);
            result.put("test_accuracy", metrics.get("accuracy").asDouble());
            result.put("test_macro_f1", metrics.get("macro_f1").asDouble());
            result.put("seconds", seconds(provenance));
            result.put("base_model", provenance.at("/base_model/name").asText());
            result.set("command", provenance.get("command"));
            if (kind.equals("auto")) {
                result.set("selection", JSON.readTree(new File(model, "selection.json")));
                for (String key : new String[] {"parlance_version", "machine", "data", "seeds"}) {
                    record.set(key, provenance.get(key));
                }
            }
        }
        JSON.writerWithDefaultPrettyPrinter().writeValue(new File(args[1]), record);
    }

    private static double seconds(JsonNode provenance) {
        Instant start = Instant.parse(provenance.get("started_at").asText());
        return Duration.between(start, Instant.parse(provenance.get("finished_at").asText())).toMillis() / 1e3;
    }
}
