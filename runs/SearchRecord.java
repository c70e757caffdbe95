import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;

/**
 * Puts a search and the runs with default and best settings into one JSON file: trials, importance, test accuracy of each
 * seed and the means.
 *
 * <p>usage: java -cp 'cli/target/lib/*' runs/SearchRecord.java WORK_DIR OUT.json
 */
public class SearchRecord {
    private static final ObjectMapper JSON = new ObjectMapper();

    public static void main(String[] args) throws Exception {
        ObjectNode record = JSON.createObjectNode();
        double gain = 0;
        for (String kind : new String[] {"default", "best"}) {
            ObjectNode node = record.putObject(kind);
            ArrayNode accuracies = node.putArray("test_accuracy");
            double sum = 0;
            for (int seed = 1; seed <= 3; seed++) {
                File model = new File(args[0], kind + "-" + seed);
                double accuracy = JSON.readTree(new File(model, "report.json"))
                        .at("/test/metrics/accuracy")
                        .asDouble();
                accuracies.add(accuracy);
                sum += accuracy;
            }
            node.put("mean", sum / 3);
            gain = kind.equals("best") ? gain + sum / 3 : gain - sum / 3;
        }
        record.put("gain", gain);
        JsonNode result = JSON.readTree(new File(args[0], "result.json"));
        for (String key : new String[] {"metric", "ended", "seconds", "best", "importance", "trials"}) {
            record.set("search_" + key, result.get(key));
        }
        record.set("space", JSON.readTree(new File(args[0], "search/search.json")).get("space"));
        JsonNode provenance = JSON.readTree(new File(args[0], "best-1/provenance.json"));
        for (String key : new String[] {"parlance_version", "machine", "data", "libraries"}) {
            record.set(key, provenance.get(key));
        }
        JSON.writerWithDefaultPrettyPrinter().writeValue(new File(args[1]), record);
    }
}
