import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Bodies that are nearly right, or not at all. Each is a function of the random numbers alone. */
final class JsonMutations {
    private static final String[] VALUES = {
        "null",
        "true",
        "-1",
        "0",
        "1e999",
        "-1e-999",
        "9223372036854775808",
        "1.5",
        "\"\"",
        "\"\\ud800\"",
        "\"\\u0000\"",
        "[]",
        "{}",
        "[[]]",
        "[null]",
        "{\"inputs\":{}}",
        "\"\uD83D\uDE00\"",
        "NaN",
        "Infinity",
        "'x'",
        "0x10",
        "01",
        "\"\\x\"",
        "[1,]",
        "undefined"
    };

    private final SplittableRandom random;

    JsonMutations(SplittableRandom random) {
        this.random = random;
    }

    /** A body made from a valid one. */
    byte[] mutate(String valid) throws IOException {
        return switch (random.nextInt(14)) {
            case 0 -> utf8(valid.substring(0, random.nextInt(valid.length())));
            case 1 -> flipped(utf8(valid));
            case 2 -> utf8(nested());
            case 3 -> utf8(valid.replaceFirst("\\{", "{\"inputs\":1,\"inputs\":[\"a\"],"));
            case 4 -> utf8(valid + VALUES[random.nextInt(VALUES.length)]);
            case 5 -> utf8("\uFEFF" + valid);
            case 6 -> utf8(valid.replaceAll("\"[^\"]*\"", "\"" + "x".repeat(random.nextInt(200)) + "\""));
            case 7 -> utf8(bigNumber(valid));
            case 8 -> utf8(many());
            case 9 -> utf8(VALUES[random.nextInt(VALUES.length)]);
            case 10 -> random.nextInt(100) == 0 ? utf8("{\"inputs\":\"" + "a ".repeat(1 << 20) + "\"}") : new byte[0];
            default -> utf8(changed(valid));
        };
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Some bytes replaced by any others, so that it is often no UTF-8. */
    byte[] flipped(byte[] bytes) {
        byte[] result = bytes.clone();
        for (int i = 1 + random.nextInt(4); i > 0 && result.length > 0; i--) {
            result[random.nextInt(result.length)] = (byte) random.nextInt(256);
        }
        return result;
    }

    private String nested() {
        int depth = 1 << random.nextInt(4, 16);
        String open = random.nextBoolean() ? "[" : "{\"a\":";
        return "{\"inputs\":" + open.repeat(depth)
                + (random.nextBoolean() ? "1" + (open.equals("[") ? "]" : "}").repeat(depth) + "}" : "");
    }

    private String bigNumber(String valid) {
        String number =
                "9".repeat(1 + random.nextInt(5000)) + (random.nextBoolean() ? "" : "e" + random.nextInt(100_000));
        return valid.replaceFirst(":[^,}]*", ":" + number);
    }

    private String many() {
        int count = random.nextInt(2000);
        return "{\"inputs\":[" + "\"\",".repeat(count) + VALUES[random.nextInt(VALUES.length)] + "]}";
    }

    /** One value within it replaced, taken away or doubled. */
    private String changed(String valid) throws IOException {
        JsonNode root = Records.json().readTree(valid);
        List<JsonNode> containers = new ArrayList<>();
        collect(root, containers);
        JsonNode container = containers.get(random.nextInt(containers.size()));
        String marker = "\"\u00a7value\u00a7\"";
        if (container instanceof ObjectNode object && !object.isEmpty()) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            String name = names.get(random.nextInt(names.size()));
            if (random.nextInt(4) == 0) {
                object.set(name + "_", object.remove(name));
            } else {
                object.put(name, "\u00a7value\u00a7");
            }
        } else if (container instanceof ArrayNode array) {
            array.insert(random.nextInt(array.size() + 1), "\u00a7value\u00a7");
        }
        return root.toString().replace(marker, VALUES[random.nextInt(VALUES.length)]);
    }

    private static void collect(JsonNode node, List<JsonNode> containers) {
        if (node.isContainerNode()) {
            containers.add(node);
            node.forEach(child -> collect(child, containers));
        }
    }
}
