import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;

/**
 * Puts what a trained model says of itself into one small JSON file: scores, settings, machine, versions, seeds, command.
 *
 * <p>usage: java -cp 'cli/target/lib/*' runs/Record.java MODEL_DIR OUT.json
 */
public class Record {
    public static void main(String[] args) throws Exception {
        ObjectMapper json = new ObjectMapper();
        ObjectNode record = json.createObjectNode();
        JsonNode report = json.readTree(new File(args[0], "report.json"));
        report.fields().forEachRemaining(split -> {
            ObjectNode scores = record.putObject(split.getKey());
            scores.set("examples", split.getValue().get("examples"));
            scores.set("metrics", split.getValue().get("metrics"));
        });
        JsonNode provenance = json.readTree(new File(args[0], "provenance.json"));
        record.setAll((ObjectNode) provenance);
        json.writerWithDefaultPrettyPrinter().writeValue(new File(args[1]), record);
    }
}
