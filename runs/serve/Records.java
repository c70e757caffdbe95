import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.bundle.Provenance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The JSON files that these programs leave. */
final class Records {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Records() {}

    static ObjectMapper json() {
        return JSON;
    }

    /** Begins with when and on what machine. */
    static ObjectNode start() {
        ObjectNode record = JSON.createObjectNode();
        record.put("started", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        record.set("machine", JSON.valueToTree(Provenance.Machine.detect(0)));
        return record;
    }

    /** The file appears when it is complete. */
    static void write(ObjectNode record, Path file) throws IOException {
        record.put("ended", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.writeString(part, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(record) + "\n");
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        System.err.println("wrote " + file);
    }
}
