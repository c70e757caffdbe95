import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.ZipFile;

/**
 * The jars of a class path with their sizes in MB (millions of bytes), and of each how much is native libraries: for all platforms,
 * and for this one alone. As they lie in the jar, compressed.
 *
 * <p>usage: {@code runs/footprint.sh OUT.json}
 */
public class Footprint {
    private static final double MB = 1e6;

    public static void main(String[] args) throws IOException {
        ObjectMapper json = new ObjectMapper();
        ObjectNode record = json.createObjectNode();
        record.put("command", "runs/footprint.sh").put("platform", platform());
        ObjectNode jars = record.putObject("jars");
        double total = 0;
        double natives = 0;
        double own = 0;
        for (String path : args[1].split(File.pathSeparator)) {
            File jar = new File(path);
            double all = nativeBytes(jar, "") / MB;
            double host = nativeBytes(jar, platform()) / MB;
            ObjectNode row = jars.putObject(jar.getName()).put("mb", round(jar.length() / MB));
            if (all > 0) {
                row.put("natives_mb", round(all)).put("natives_of_this_platform_mb", round(host));
            }
            total += jar.length() / MB;
            natives += all;
            own += host;
        }
        record.putObject("total")
                .put("mb", round(total))
                .put("java_mb", round(total - natives))
                .put("natives_mb", round(natives))
                .put("natives_of_this_platform_mb", round(own))
                .put("java_and_natives_of_this_platform_mb", round(total - natives + own));
        json.writerWithDefaultPrettyPrinter().writeValue(Path.of(args[0]).toFile(), record);
        System.out.println(record.toPrettyString());
    }

    private static long nativeBytes(File jar, String platform) throws IOException {
        try (ZipFile zip = new ZipFile(jar)) {
            return zip.stream()
                    .filter(entry -> entry.getName().matches("(ai/onnxruntime/native|native/lib)/.*"))
                    .filter(entry -> platform.isEmpty() || entry.getName().matches(".*/" + platform + "/.*"))
                    .mapToLong(entry -> entry.getCompressedSize())
                    .sum();
        }
    }

    /** A pattern for the names that ONNX Runtime and the tokenizers give to this platform. */
    private static String platform() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String family = os.contains("mac") ? "osx" : os.contains("win") ? "win" : "linux";
        return family + (System.getProperty("os.arch").equals("aarch64") ? "-aarch64" : "-(x64|x86_64)");
    }

    private static double round(double value) {
        return Math.round(value * 100) / 100.0;
    }
}
